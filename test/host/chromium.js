// @ts-check
// The headless browser that the tests drive. `--missing` prints the Debian packages it lacks here.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, projectNode, root } from './paths.js';
import { HostError, isMain, run, runMain } from './run.js';

/** The Debian packages with the libraries that Chromium's executable is linked with. */
const PACKAGES = [
  ['libnss3', /^lib(nss3|nssutil3|smime3|ssl3)\.so/],
  ['libnspr4', /^lib(nspr4|plc4|plds4)\.so/],
  ['libexpat1', /^libexpat\.so/],
];

/**
 * The browser of `CHROMIUM`, or the one from the npm package, unpacked once.
 * @returns {Promise<string>} the path of its executable
 */
export async function installChromium() {
  const own = process.env['CHROMIUM'];
  if (own) return own;
  const manifest = join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  return join(folder, 'chromium');
}

/** The package unpacks into the folder for temporary files, where a half copy would stay for good. */
async function unpack(/** @type {string} */ folder) {
  console.log('Unpacking Chromium …');
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const code = "(await import('@sparticuz/chromium')).default.executablePath()";
  const args = ['--input-type=module', '--eval', `await ${code}`];
  const env = { ...process.env, TMPDIR: part };
  const { code: failed, output } = await run(projectNode, args, { cwd: root, env, quiet: true });
  if (failed) throw new HostError(`Chromium could not be unpacked:\n\n${output.trim()}`);
  writeFileSync(join(part, 'fonts', 'fonts.conf'), fontsIn(join(folder, 'fonts')));
  renameSync(part, folder);
}

/** The fonts that come along with the browser, for a machine that has none. */
function fontsIn(/** @type {string} */ folder) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>
`;
}

/** @returns {Record<string, string>} the environment to start this executable in */
export function chromiumEnv(/** @type {string} */ executable) {
  const own = existsSync('/etc/fonts/fonts.conf') || process.platform !== 'linux';
  const fonts = own ? {} : { FONTCONFIG_PATH: join(dirname(executable), 'fonts') };
  return /** @type {Record<string, string>} */ ({ ...process.env, ...fonts });
}

/**
 * The Debian packages without which this Chromium does not start.
 * @returns {Promise<string[]>}
 */
export async function missingPackages(/** @type {string} */ executable) {
  if (process.platform !== 'linux') return [];
  const { output } = await run('ldd', [executable], { quiet: true });
  const libraries = [...output.matchAll(/^\s*(\S+) => not found/gm)].map((found) => found[1] ?? '');
  const packages = libraries.map(
    (library) =>
      PACKAGES.find(([, pattern]) => RegExp(pattern ?? '').test(library))?.[0] ?? library,
  );
  return [...new Set(packages.map(String))];
}

/** Makes sure that a browser can be started, or says how to make it so. */
export async function checkChromium() {
  const executable = await installChromium();
  const missing = await missingPackages(executable);
  if (missing.length > 0) {
    throw new HostError(
      `Chromium lacks libraries. Install them:  sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const missing = await missingPackages(await installChromium());
    if (process.argv.includes('--missing')) console.log(missing.join(' '));
  });
}
