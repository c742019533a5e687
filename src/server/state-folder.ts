import { t } from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { AuditHead } from '../approval/audit.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { HistoryMarker } from '../shared/storage.ts';
import { SHORTEST_TOKEN, newToken } from './token.ts';

/** What is kept of one workspace, outside of it. */
export interface StateFolder {
  /** Of the database. */
  readonly storage: string;
  /** Makes what is missing of the folders, for their owner only. */
  readonly make: () => void;
  readonly auditHead: AuditHead;
  readonly marker: HistoryMarker;
  /** Where a token is kept if no other file is named. */
  readonly tokenFile: string;
}

/** Where programs keep their state: the XDG base directories, or what the platform has instead. */
export function defaultStateRoot(env: NodeJS.ProcessEnv, platform = process.platform): string {
  const home = homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'countersign');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'countersign');
  }
  // One that is not absolute counts as none, https://specifications.freedesktop.org/basedir-spec.
  const given = env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(given) ? given : join(home, '.local', 'state'), 'countersign');
}

/** @param workspace real path of the folder that the agent works in */
export function stateFolder(root: string, workspace: string): StateFolder {
  const key = createHash('sha256').update(workspace).digest('hex').slice(0, 16);
  const folder = join(root, `${basename(workspace)}-${key}`);
  const storage = join(folder, 'history');
  return {
    storage,
    make: () => void mkdirSync(storage, { recursive: true, mode: 0o700 }),
    auditHead: keptIn(join(folder, 'audit-head')),
    marker: keptIn(join(folder, 'history-id')),
    tokenFile: join(folder, 'token'),
  };
}

/** Away from the database, so that what is cut off there shows. */
function keptIn(path: string): { read(): string | null; write(text: string): void } {
  return {
    read: () => readIfThere(path),
    write(text) {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

/**
 * The token that callers have to send: what the environment says, else what is in the file, else a new
 * one, which is put there for its owner only.
 * @throws UserFacingError if others may read the file, or if a token could be guessed
 */
export function readToken(given: string, path: string): string {
  if (given !== '') {
    return longEnough(given, t('the environment variable COUNTERSIGN_TOKEN'));
  }
  const found = readIfThere(path);
  if (found !== null) {
    const { mode } = lstatSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const message = t(
        'Others may read the token in {0}. Remove the file, or make it yours alone (chmod 600), then try again.',
        path,
      );
      throw new UserFacingError('notReady', message);
    }
    return longEnough(found.trim(), path);
  }
  const token = newToken();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

function longEnough(token: string, where: string): string {
  if (token.length >= SHORTEST_TOKEN) return token;
  const message = t('The token in {0} is shorter than {1} characters.', where, SHORTEST_TOKEN);
  throw new UserFacingError('notReady', message);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
