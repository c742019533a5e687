import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasDisplay, installedCode, openDesktop } from '../host/desktop.js';
import { makeFolder } from '../support/core.ts';

/** A `code` that only writes down how it was called. */
const RECORDER = '#!/bin/sh\necho "$@" >> "$0.calls"\n';

describe('the desktop editor', () => {
  it('is the one that is installed, wherever it is on the PATH', () => {
    const folder = makeFolder({ code: RECORDER, 'code.cmd': '' });
    const env = { PATH: ['/nowhere', folder].join(delimiter) };
    assert.equal(installedCode(env, 'linux')?.cli, join(folder, 'code'));
    assert.equal(installedCode(env, 'win32')?.cli, join(folder, 'code.cmd'));
    assert.equal(installedCode({ PATH: '/nowhere' }, 'linux'), null);
    assert.equal(installedCode({ COUNTERSIGN_CODE: '/opt/code' }, 'linux')?.cli, '/opt/code');
  });

  it('needs a display on Linux alone', () => {
    assert.equal(hasDisplay({}, 'linux'), false);
    assert.equal(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'), true);
    assert.equal(hasDisplay({}, 'darwin'), true);
    assert.equal(hasDisplay({}, 'win32'), true);
  });

  it('gets the extension and the folder in a profile of its own', async () => {
    const folder = makeFolder({ code: RECORDER });
    const cli = join(folder, 'code');
    chmodSync(cli, 0o755);
    await openDesktop({ cli, from: 'a test' }, { profile: join(folder, 'p'), folder: '/sample' });
    const [install, open] = readFileSync(`${cli}.calls`, 'utf8').split('\n');
    const own = `--user-data-dir ${folder}/p/data --extensions-dir ${folder}/p/extensions`;
    assert.match(
      install ?? '',
      new RegExp(`^${own} --install-extension \\S+countersign\\.vsix`, 'u'),
    );
    assert.equal(open, `${own} --new-window /sample`);
  });
});
