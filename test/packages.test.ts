import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Where Node would find the package `name` when `from` (a key of the lock file) asks for it. */
function found(name: string, from: string): boolean {
  const folders = [...from.matchAll(/(?:^|\/)node_modules\//gu)].map((at) =>
    from.slice(0, at.index === 0 ? 0 : at.index + 1),
  );
  return [`${from}/`, ...folders.toReversed(), ''].some((folder) =>
    Object.hasOwn(packages, `${folder}node_modules/${name}`),
  );
}

describe('The locked packages', () => {
  // `npm install` leaves out what the registry it was asked at does not have; `npm ci` then
  // refuses the lock file everywhere.
  it('include the optional ones of every system, so that npm ci accepts the lock file', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !found(name, path))
        .map((name) => `${path} needs ${name}`),
    );

    assert.deepEqual(missing, []);
  });
});
