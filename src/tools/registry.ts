import { applyPatch } from './apply-patch.ts';
import { deleteFile } from './delete-file.ts';
import { listFiles } from './list-files.ts';
import { moveFile } from './move-file.ts';
import { readFile } from './read-file.ts';
import { replaceInFile } from './replace-in-file.ts';
import { requestClarification } from './request-clarification.ts';
import { searchText } from './search-text.ts';
import type { Tool } from './tool.ts';
import { writeFile } from './write-file.ts';

/** Every tool, in the order the model sees them. The order is part of the cached prompt. */
export const TOOLS: readonly Tool[] = [
  readFile,
  listFiles,
  searchText,
  writeFile,
  replaceInFile,
  applyPatch,
  moveFile,
  deleteFile,
  requestClarification,
];

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));

export function findTool(name: string): Tool | null {
  return byName.get(name) ?? null;
}
