import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandLine } from '../../src/server/command-line.ts';
import { defaultStateRoot, readToken } from '../../src/server/state-folder.ts';
import { makeFolder } from '../support/core.ts';

const KEY = 'sk-the-key-of-the-test';
const TOKEN = 'a-token-of-the-test-that-is-long-enough';

describe('without an editor, the command line', () => {
  it('keeps state where the platform does, and takes no token that could be guessed', () => {
    assert.equal(defaultStateRoot({ XDG_STATE_HOME: '/x' }, 'linux'), '/x/countersign');
    assert.match(
      defaultStateRoot({ XDG_STATE_HOME: 'x' }, 'linux'),
      /\.local\/state\/countersign$/u,
    );
    assert.match(defaultStateRoot({}, 'darwin'), /Library\/Application Support\/countersign$/u);
    assert.match(defaultStateRoot({ LOCALAPPDATA: '/l' }, 'win32'), /^\/l\/countersign$/u);
    assert.equal(readToken(TOKEN, '/not/there'), TOKEN);
    assert.throws(() => readToken('short', '/not/there'), /shorter than 32/u);
  });

  it('takes options from the environment, and no key from anywhere else', () => {
    const given = { COUNTERSIGN_BASE_URL: 'http://127.0.0.1:1/v1', COUNTERSIGN_MODEL: 'm' };
    const parsed = parseCommandLine(['run', 'Hello', '--mode', 'ask'], given);
    assert.deepEqual(parsed, {
      kind: 'run',
      place: { workspace: '.', state: null },
      model: { baseUrl: given.COUNTERSIGN_BASE_URL, model: 'm', patience: 120 },
      ...{ text: 'Hello', threadId: null, mode: 'ask', json: false, yesEdits: false },
    });
    assert.throws(() => parseCommandLine(['run', 'Hello', '--api-key', KEY], {}), /--api-key/u);
    assert.throws(
      () => parseCommandLine(['run', 'Hello', '--mode', 'yolo'], {}),
      /ask, plan, act/u,
    );
  });

  it('makes a token for its owner only, keeps it, and takes none that others may read', () => {
    const folder = makeFolder();
    const path = join(folder, 'deep', 'token');
    const token = readToken('', path);
    assert.match(token, /^[\w-]{43}$/u);
    assert.equal(readFileSync(path, 'utf8'), `${token}\n`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readToken('', path), token);
    chmodSync(path, 0o640);
    assert.throws(() => readToken('', path), /Others may read the token/u);
    rmSync(folder, { recursive: true });
  });
});
