import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { noticeProgram, runProgram, soundProgram } from '../../src/vscode/system-notice.ts';
import { makeFolder } from '../support/core.ts';

/** Writes down where it ran and what it was given, each argument in a line of its own. */
const RECORDER = '#!/bin/sh\n{ pwd; printf "%s\\n" "$@"; } > "$0.calls"\n';
const EVIL = '--icon=x "; touch pwned; \'$(touch pwned)` <b>&</b>';

/** A folder that has such a program. */
function install(name: string, script: string): string {
  const folder = makeFolder({ [name]: script });
  chmodSync(join(folder, name), 0o755);
  return folder;
}

describe('a notification of the system', () => {
  it('is one program with the text as one argument, without a shell', async () => {
    const folder = install('notify-send', RECORDER);
    const program = noticeProgram('linux', EVIL, ['/nowhere', folder]);
    assert.ok(program);
    assert.equal(program.file, join(folder, 'notify-send'));
    assert.equal(await runProgram(program), null);
    const [where, ...given] = readFileSync(`${program.file}.calls`, 'utf8').trimEnd().split('\n');
    assert.equal(where, homedir());
    const shown = EVIL.replace('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    assert.deepEqual(given, ['--app-name=Countersign', '--', 'Countersign', shown]);
    assert.ok(!existsSync(join(homedir(), 'pwned')));
  });

  it('is text to AppleScript and PowerShell: no part of their scripts', () => {
    const apple = noticeProgram('darwin', EVIL);
    assert.equal(apple?.file, '/usr/bin/osascript');
    assert.equal(apple.args.at(-1), EVIL);
    assert.doesNotMatch(apple.args.slice(0, -1).join('\n'), /pwned/u);
    const windows = noticeProgram('win32', EVIL);
    assert.match(windows?.file ?? '', /\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/u);
    assert.doesNotMatch(windows?.args.join('\n') ?? '', /pwned/u);
    assert.equal(windows?.env['COUNTERSIGN_TEXT'], EVIL);
  });

  it('says why it was not shown', async () => {
    assert.equal(noticeProgram('linux', 'x', ['/nowhere']), null);
    const folder = install('notify-send', '#!/bin/sh\necho "no bus" >&2\nexit 3\n');
    assert.equal(await runProgram(noticeProgram('linux', 'x', [folder])!), 'no bus');
    const silent = install('notify-send', '#!/bin/sh\nexit 3\n');
    assert.equal(await runProgram(noticeProgram('linux', 'x', [silent])!), '3');
    const gone = await runProgram({ file: '/nowhere/program', args: [], env: {} });
    assert.match(gone ?? '', /ENOENT/u);
  });
});

describe('the sound of the system', () => {
  it('is played by the first program that is there', () => {
    const both = makeFolder({ 'canberra-gtk-play': '', paplay: '' });
    assert.equal(soundProgram('linux', [both])?.file, join(both, 'canberra-gtk-play'));
    const one = makeFolder({ paplay: '' });
    assert.equal(soundProgram('linux', [one])?.file, join(one, 'paplay'));
    assert.equal(soundProgram('linux', ['/nowhere']), null);
    assert.equal(soundProgram('darwin')?.file, '/usr/bin/afplay');
    assert.match(soundProgram('win32')?.args.at(-1) ?? '', /SystemSounds/u);
  });
});
