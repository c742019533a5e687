import { basename, dirname, join } from 'node:path';

/**
 * The folder in which a workspace's conversations are, whatever the editor says today. While an
 * earlier extension host still holds the lock of a workspace's storage, VS Code hands out
 * `<id>-1`, `<id>-2`, … up to `-9` instead of `<id>`; a database opened there would look as if every
 * conversation were lost.
 * @param storage `<workspace storage>/<id>[-n]/<extension id>`
 */
export function resolveStorageFolder(storage: string): string {
  const workspace = dirname(storage);
  return join(dirname(workspace), basename(workspace).replace(/-[1-9]$/u, ''), basename(storage));
}
