import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PLAN_SCHEME, PROPOSAL_SCHEME, REVIEW_SCHEME } from '../src/shared/scheme.ts';
import {
  APPROVALS_VIEW,
  CHANGE_COMMANDS,
  CHANGE_THREADS,
  CHAT_VIEW,
  COMMANDS,
  CONTEXT_KEYS,
  INBOX_COMMANDS,
  NOTIFICATION_COMMANDS,
  PLAN_COMMANDS,
  PLAN_THREADS,
  SETTINGS,
  TEXT_COMMANDS,
  THREADS_VIEW,
} from '../src/vscode/ids.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Setting {
  readonly scope?: string;
}

interface Clause {
  readonly command: string;
  readonly title?: string;
  readonly category?: string;
  readonly key?: string;
  readonly when?: string;
  readonly enablement?: string;
}

const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies?: unknown;
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly commands: readonly Clause[];
    readonly menus: Readonly<Record<string, readonly Clause[]>>;
    readonly keybindings: readonly Clause[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
};
const registered = [
  COMMANDS,
  CHANGE_COMMANDS,
  INBOX_COMMANDS,
  NOTIFICATION_COMMANDS,
  PLAN_COMMANDS,
  TEXT_COMMANDS,
].flatMap((names) => Object.values<string>(names));
const { commands, menus, keybindings, views, configuration } = manifest.contributes;

describe('the manifest', () => {
  it('declares exactly the commands that the code registers', () => {
    const declared = commands.map(({ command }) => command).sort();
    assert.deepEqual(declared, registered.toSorted());
  });

  it('declares exactly the settings that the code reads', () => {
    const declared = Object.keys(configuration.properties).sort();
    assert.deepEqual(declared, Object.values(SETTINGS).sort());
  });

  it('declares exactly the views that the code fills', () => {
    const declared = Object.values(views)
      .flat()
      .map(({ id }) => id);
    assert.deepEqual(declared, [CHAT_VIEW, APPROVALS_VIEW, THREADS_VIEW]);
  });

  it('names only commands, context keys and schemes that exist', () => {
    const clauses = [...commands, ...keybindings, ...Object.values(menus).flat()];
    const ours = clauses.filter(({ command }) => command.startsWith('countersign.'));
    const known = new Set<string>(registered);
    assert.deepEqual(
      ours.filter(({ command }) => !known.has(command)),
      [],
    );
    const words = clauses.flatMap(({ when = '', enablement = '' }) =>
      `${when} ${enablement}`.match(/countersign[.-][\w.-]+/gu),
    );
    const names = new Set([
      ...Object.values<string>(CONTEXT_KEYS),
      CHAT_VIEW,
      APPROVALS_VIEW,
      THREADS_VIEW,
      CHANGE_THREADS,
      PLAN_SCHEME,
      PLAN_THREADS,
      PROPOSAL_SCHEME,
      REVIEW_SCHEME,
    ]);
    assert.deepEqual(
      words.filter((word) => word !== null && !names.has(word)),
      [],
    );
  });

  it('binds no key without saying where it holds, and no command without a title', () => {
    assert.deepEqual(
      keybindings.filter(({ when = '' }) => when === ''),
      [],
    );
    const titles = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
    for (const { command, title = '', category } of commands) {
      assert.match(titles[title.slice(1, -1)] ?? '', /^[A-Z]/u, command);
      assert.equal(category, 'Countersign', command);
    }
  });

  it('has every key in the README', () => {
    const documented = read('README.md').toLowerCase();
    const missing = keybindings.filter(({ key = '' }) => !documented.includes(`\`${key}\``));
    assert.deepEqual(
      missing.map(({ key }) => key),
      [],
    );
  });

  it('hides from the palette what makes no sense without a place, and while it makes none', () => {
    const shown = new Map(menus['commandPalette']?.map(({ command, when }) => [command, when]));
    const always = commands.filter(
      ({ command, enablement }) => enablement === undefined && !shown.has(command),
    );
    // What is about a proposal, a change, or a thread has a place; these are about everything, or
    // let the user choose what they are about.
    assert.deepEqual(
      always
        .map(({ command }) => command.replace('countersign.', ''))
        .filter((name) => /Change|Thread$|Comment|Accept|settle|Selection/u.test(name)),
      ['newThread', 'openThread', 'undoChange', 'redoChange'],
    );
  });

  it('lets no workspace say where the model is, or have the user not notified', () => {
    for (const [name, { scope }] of Object.entries(configuration.properties)) {
      assert.ok(scope === 'machine' || scope === 'application', name);
    }
  });

  it('translates every string, and nothing else', () => {
    const used = new Set(
      [...read('package.json').matchAll(/"%([\w.]+)%"/gu)].map(([, key]) => key),
    );
    assert.deepEqual(
      [...used].sort(),
      Object.keys(JSON.parse(read('package.nls.json')) as object).sort(),
    );
  });

  it('leads from the walkthrough and the settings only to commands that exist', () => {
    const known = new Set<string>(registered);
    const links = [...read('package.nls.json').matchAll(/\(command:(countersign\.\w+)/gu)];
    assert.ok(links.length > 5);
    assert.deepEqual(
      links.map(([, command = '']) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  it('ships no dependency and asks for no proposed API', () => {
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.enabledApiProposals, undefined);
  });

  it('needs no newer VS Code than its typings', () => {
    const { engines, devDependencies } = JSON.parse(read('package.json')) as {
      engines: { vscode: string };
      devDependencies: Record<string, string>;
    };
    assert.equal(engines.vscode, `^${devDependencies['@types/vscode'] ?? ''}`);
  });
});

describe('translations', () => {
  it('are kept in files that are JSON', () => {
    for (const name of readdirSync(join(root, 'l10n'))) JSON.parse(read(`l10n/${name}`));
  });
});
