import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A program of the system, with fixed arguments but for a text that it shows. */
export interface Program {
  /** An absolute path: what is first on the search path is not the system's for sure. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TITLE = 'Countersign';
/** Where Linux systems have the programs they came with. */
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];
/** The sound that the freedesktop.org theme has for a new message. */
const FREEDESKTOP_SOUND = '/usr/share/sounds/freedesktop/stereo/message-new-instant.oga';
/** Milliseconds after which a program is ended. */
const PATIENCE = 10_000;
/** The most that is passed on of what a program says. */
const SAID = 300;

/** The text comes as an argument, and is text to AppleScript. */
const APPLE_NOTICE = [
  ...['-e', 'on run argv'],
  ...['-e', 'display notification (item 2 of argv) with title (item 1 of argv)'],
  ...['-e', 'end run'],
];
/** The text comes in the environment, and becomes text nodes. */
const WINDOWS_NOTICE = [
  '$m = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]',
  '$x = $m::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)',
  "$t = $x.GetElementsByTagName('text')",
  '$null = $t.Item(0).AppendChild($x.CreateTextNode($env:COUNTERSIGN_TITLE))',
  '$null = $t.Item(1).AppendChild($x.CreateTextNode($env:COUNTERSIGN_TEXT))',
  "$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'",
  '$m::CreateToastNotifier($id).Show([Windows.UI.Notifications.ToastNotification]::new($x))',
].join('; ');
const WINDOWS_SOUND = '[System.Media.SystemSounds]::Asterisk.Play(); Start-Sleep -Seconds 1';

/** Shows a text as a notification of the system; null where no program can. */
export function noticeProgram(
  platform: NodeJS.Platform,
  text: string,
  folders: readonly string[] = SYSTEM_FOLDERS,
): Program | null {
  switch (platform) {
    case 'darwin':
      return { file: '/usr/bin/osascript', args: [...APPLE_NOTICE, TITLE, text], env: {} };
    case 'win32':
      return powershell(WINDOWS_NOTICE, { COUNTERSIGN_TITLE: TITLE, COUNTERSIGN_TEXT: text });
    default:
      return found(folders, 'notify-send', [`--app-name=${TITLE}`, '--', TITLE, unmarked(text)]);
  }
}

/** Plays the system's sound for a message; null where no program can. */
export function soundProgram(
  platform: NodeJS.Platform,
  folders: readonly string[] = SYSTEM_FOLDERS,
): Program | null {
  switch (platform) {
    case 'darwin':
      return { file: '/usr/bin/afplay', args: ['/System/Library/Sounds/Ping.aiff'], env: {} };
    case 'win32':
      return powershell(WINDOWS_SOUND, {});
    default:
      return (
        found(folders, 'canberra-gtk-play', ['--id=message-new-instant']) ??
        found(folders, 'paplay', [FREEDESKTOP_SOUND])
      );
  }
}

/** Without a shell, and not in the folder of the workspace. Answers why it failed, or null. */
export function runProgram({ file, args, env }: Program): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: homedir(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE,
      windowsHide: true,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, SAID);
    });
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.on('close', (code, signal) => {
      resolve(code === 0 ? null : said.trim() || `${code ?? signal ?? ''}`);
    });
  });
}

function powershell(script: string, env: Readonly<Record<string, string>>): Program {
  const system = process.env['SystemRoot'] ?? 'C:\\Windows';
  return {
    file: `${system}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    args: ['-NoProfile', '-NonInteractive', '-Command', script],
    env,
  };
}

function found(folders: readonly string[], name: string, args: readonly string[]): Program | null {
  const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  return file === undefined ? null : { file, args, env: {} };
}

/** The text of a notification may have marks like those of HTML (freedesktop.org). */
function unmarked(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
