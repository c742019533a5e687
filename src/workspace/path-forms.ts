import type { PlatformPath } from 'node:path';

/** C0, DEL and C1: never part of an honest path. */
const CONTROL = /\p{Cc}/u;
/** `file:`, `http:`, `vscode-remote:` and the like; a single letter is a Windows drive. */
const URI_SCHEME = /^[a-z][a-z0-9+.-]+:/iu;
const DRIVE = /^[a-z]:/iu;
const DRIVE_ROOT = /^[a-z]:[\\/]/iu;
/** `\\server\share`: on Windows merely looking at it would send the user's credentials there. */
const NETWORK = /^[\\/]{2}/u;
/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]|conin\$|conout\$) *(?:[.:]|$)/iu;
/** The second name that Windows gives a long one: `GIT~1` is `.git`. */
const SHORT_NAME = /^[^.~\s]{0,6}~[0-9]{1,6}(?:\.[^.]{0,3})?$/u;
/** `a.txt:stream`, `a.txt::$DATA`, but neither `10:30.log` nor `Foo::Bar.pm` nor `nginx:1.25`. */
const STREAM = /:\$|\.[a-z][a-z0-9]*:/iu;
/** Linux: NAME_MAX, and PATH_MAX without its final NUL. Windows counts UTF-16 units in a name. */
const MAX_NAME = 255;
const MAX_PATH = 4095;

export function isNetworkPath(path: string): boolean {
  return NETWORK.test(path);
}

/** Why no path may look like this, or null. Names in it are another matter: `strangeName`. */
export function strangeForm(path: string, style: PlatformPath): string | null {
  if (CONTROL.test(path)) return 'it has control characters';
  if (!path.isWellFormed()) return 'it is not valid Unicode';
  const tooLong = tooLongPath(path);
  if (tooLong !== null) return tooLong;
  if (NETWORK.test(path)) return null;
  if (style.isAbsolute(path)) {
    const rooted = style.sep === '/' || DRIVE_ROOT.test(path);
    return rooted ? null : 'it is on whatever drive is the current one';
  }
  if (DRIVE.test(path)) return 'it names a drive';
  if (URI_SCHEME.test(path)) {
    const hint = path.includes(':/') ? '' : '; if a file has this name, put ./ before it';
    return `it is an address, not a path${hint}`;
  }
  return null;
}

/** Why the system would not take a path of this length, or null. */
export function tooLongPath(path: string): string | null {
  return Buffer.byteLength(path) > MAX_PATH ? `it is longer than ${MAX_PATH} bytes` : null;
}

/** Why no component of a path may be called this, on any system, or null. */
export function strangeName(name: string, style: PlatformPath): string | null {
  if (name === '' || name === '.' || name === '..') return null;
  const shown = JSON.stringify(name.slice(0, 40));
  const windows = style.sep === '\\';
  if (CONTROL.test(name)) return 'it has control characters';
  if ((windows ? name.length : Buffer.byteLength(name)) > MAX_NAME) {
    return `the name that begins with ${shown} is longer than ${MAX_NAME} bytes`;
  }
  if (name.includes('\\')) return 'it has a backslash; write / between folders';
  if (DEVICE.test(name)) return `${shown} is the name of a device on Windows`;
  if (/[. ]$/u.test(name)) return `${shown} ends with a dot or a space, which Windows drops`;
  if (SHORT_NAME.test(name)) return `${shown} is a short name for another file on Windows`;
  if (DRIVE.test(name)) return `${shown} names a drive`;
  if (windows ? name.includes(':') : STREAM.test(name)) {
    return `the colon in ${shown} names a stream of a file`;
  }
  return null;
}
