import { type PatchHunk, isFileHeader, isSignature, readHunk, wrong } from './patch-hunks.ts';
import { type Names, gitNames, nameIn, unquoted, withoutPrefixes } from './patch-names.ts';

/** What a patch says of one file, as it says it. */
export interface Section {
  /** Index of its first line in the patch. */
  readonly at: number;
  /** Of the `diff --git` line; null if there is none, or it does not tell them apart. */
  git: Names | null;
  /** Of the `---` and `+++` lines. */
  header: Names | null;
  from: string | null;
  to: string | null;
  creates: boolean;
  deletes: boolean;
  readonly hunks: PatchHunk[];
}

/** @throws ToolError naming the line of the patch that is not understood. */
export function readSections(patch: string): readonly Section[] {
  const lines = linesOfPatch(patch);
  const sections: Section[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const section = sections.at(-1);
    if (line.startsWith('diff --git ')) {
      sections.push(opened(at, gitNames(line.slice(11))));
    } else if (isFileHeader(lines, at)) {
      readFileHeader(lines, at, sections);
      at++;
    } else if (line.startsWith('@@')) {
      if (section === undefined) throw wrong(at, `a hunk stands before the file's name. ${WRITE}`);
      const { hunk, end } = readHunk(lines, at);
      section.hunks.push(hunk);
      at = end - 1;
    } else if (/^rename (?:from|to) /u.test(line)) {
      readRename(line, at, sections);
    } else {
      refuse(lines, at, section);
      if (section?.hunks.length === 0) {
        section.creates ||= line.startsWith('new file mode ');
        section.deletes ||= line.startsWith('deleted file mode ');
      }
    }
  }
  return sections;
}

const WRITE = 'Write --- a/path and +++ b/path before the hunks of each file.';

/** A carriage return at the end of every line came with the transport, others are of the file. */
function linesOfPatch(patch: string): readonly string[] {
  const lines = patch.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const everywhere = lines.every((line) => line.endsWith('\r'));
  return everywhere ? lines.map((line) => line.slice(0, -1)) : lines;
}

function opened(at: number, git: Names | null): Section {
  const none = { header: null, from: null, to: null, creates: false, deletes: false };
  return { at, git, ...none, hunks: [] };
}

function readFileHeader(lines: readonly string[], at: number, sections: Section[]): void {
  const names = [at, at + 1].map((index): string | null => {
    const name = nameIn(lines[index]?.slice(4).replace(/\r$/u, '') ?? '');
    if (name === null || name === '') throw wrong(index, 'the name of the file cannot be read.');
    return name === '/dev/null' ? null : name;
  });
  const header = { old: names[0] ?? null, now: names[1] ?? null };
  let section = sections.at(-1);
  if (section === undefined || !belongs(header, section)) {
    section = opened(at, null);
    sections.push(section);
  }
  section.header = header;
}

/** Whether a file header goes on with what the lines above it began. */
function belongs(header: Names, { header: known, hunks, from, to, git }: Section): boolean {
  if (known !== null || hunks.length > 0) return false;
  const { old, now } = withoutPrefixes(header);
  if (from !== null || to !== null) return old === from && now === to;
  const bare = git === null ? null : withoutPrefixes(git);
  return bare === null || [bare.old, null].includes(old) || [bare.now, null].includes(now);
}

function readRename(line: string, at: number, sections: Section[]): void {
  const side = line.startsWith('rename from ') ? 'from' : 'to';
  const rest = line.slice(`rename ${side} `.length).trimEnd();
  const name = rest.startsWith('"') ? unquoted(rest)?.name : rest;
  if (name === undefined || name === '') throw wrong(at, 'the name of the file cannot be read.');
  let section = sections.at(-1);
  if (section === undefined || section.hunks.length > 0 || section[side] !== null) {
    section = opened(at, null);
    sections.push(section);
  }
  section[side] = name;
}

/** @throws ToolError for a line that would be lost, or asks for what no tool of ours does. */
function refuse(lines: readonly string[], at: number, section: Section | undefined): void {
  const line = lines[at] ?? '';
  if (/^\*\*\* (?:Begin Patch|Add File|Update File|Delete File)/u.test(line)) {
    throw wrong(at, `this is not a unified diff. ${WRITE}`);
  }
  if (section === undefined) return;
  if (/^(?:--- |\+\+\+ )/u.test(line)) {
    throw wrong(at, `--- and +++ belong together, one line after the other. ${WRITE}`);
  }
  if (/^[+-]/u.test(line) && !isSignature(lines, at)) {
    throw wrong(at, 'this line is in no hunk. Begin each hunk with @@ -1,2 +3,4 @@.');
  }
  if (section.hunks.length > 0) return;
  if (/^copy (?:from|to) /u.test(line)) {
    throw wrong(at, 'a copy cannot be applied. Write the copy as a new file, from /dev/null.');
  }
  if (/^(?:GIT binary patch|Binary files )/u.test(line)) {
    throw wrong(at, 'a binary file cannot be patched. Leave it out.');
  }
  if (/^(?:old mode|new mode) |^new file mode (?!100644\r?$)/u.test(line)) {
    throw wrong(
      at,
      'a patch cannot set the mode of a file, nor make a link. Leave the modes out, or say ' +
        '100644, and use a command where a mode has to change.',
    );
  }
}
