import assert from 'node:assert/strict';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('strange forms of paths', () => {
  let bench: GateBench;

  beforeEach(() => {
    bench = makeGateBench();
  });
  afterEach(() => {
    bench.close();
  });

  it('forms that mean another file on Windows are refused unseen, on every system', async () => {
    const devices = ['CON', 'prn', 'Aux', 'NUL', 'COM0', 'com1', 'LPT9', 'COM¹', 'lpt³', 'CONIN$'];
    for (const device of [...devices, 'conout$']) {
      for (const name of [device, `${device}.txt`, `${device}.tar.gz`, `${device} .txt`]) {
        await bench.refusesUnseen(name, /a device on Windows/u);
        await bench.refusesUnseen(`src/${name}/x`, /a device on Windows/u);
      }
      await bench.refusesUnseen(`./${device}:`, /a device on Windows/u);
      await bench.refusesUnseen(`${device} `, /device|dot or a space/u);
    }
    for (const name of [
      'a.',
      'a ',
      'a. .',
      '.git.',
      '.git ',
      'x/.vscode./y',
      '...',
      '. ',
      '.. /x',
    ]) {
      await bench.refusesUnseen(name, /ends with a dot or a space/u);
    }
    for (const name of ['GIT~1', 'git~2/config', 'SETTIN~1.JSO', 'src/PROGRA~10', 'a~1.ts', '~1']) {
      await bench.refusesUnseen(name, /a short name/u);
    }
    for (const name of [
      'a.txt:stream',
      'a.txt::$DATA',
      '.git::$INDEX_ALLOCATION',
      '.git:x/config',
    ]) {
      await bench.refusesUnseen(`./${name}`, /a stream of a file/u);
      await bench.refusesUnseen(`src/${name}`, /a stream of a file/u);
    }
    for (const name of ['src/C:/x', './c:x', 'src/../C:'])
      await bench.refusesUnseen(name, /names a drive/u);
  });

  it('nor may a link lead to such a form', async () => {
    bench.put('first', 'GIT~1');
    bench.put('GIT~1/config');
    bench.put('second', 'a\nb');
    bench.put('a\nb/x');
    bench.put('third', 'a\\b');
    bench.put('a\\b');
    assert.match(await bench.refuses('first/config'), /a short name/u);
    assert.match(await bench.refuses('second/x'), /control characters/u);
    assert.match(await bench.refuses('third'), /backslash/u);
  });

  it('nor is such a name a way to a good one', async () => {
    bench.put('aux', 'src');
    const linked = [bench.folder('linked', `${bench.base}/link-to-root`)];
    assert.match(await bench.refuses(`${bench.root}/aux/app.ts`, linked), /a device on Windows/u);
    assert.match(await bench.refuses('aux/app.ts', linked), /a device on Windows/u);
  });
});
