import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The tool calls that the model makes, one a step: each odd step reads a file, each even one edits it. */
export interface StepScript {
  readonly steps: number;
  readonly files: number;
  /** Lines of a file, 40 bytes each. */
  readonly lines: number;
  /** False: every step edits. */
  readonly reads: boolean;
}

export type Step =
  | { readonly kind: 'read'; readonly path: string }
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly line: number;
      readonly oldText: string;
      readonly newText: string;
    };

const LINE_BYTES = 40;

/** Ten files of 2.4 kB. */
export function readAndEdit(steps: number): StepScript {
  return { steps, files: 10, lines: 60, reads: true };
}

/** What step `step` does, counted from 1. */
export function stepAt(script: StepScript, step: number): Step {
  const { files, lines, reads } = script;
  const edit = reads ? Math.ceil(step / 2) : step;
  const path = pathOf((edit - 1) % files);
  if (reads && step % 2 === 1) return { kind: 'read', path };
  const line = Math.floor((edit - 1) / files) % lines;
  const before = Math.max(0, edit - files * lines);
  return {
    kind: 'edit',
    path,
    line,
    oldText: lineText(line, before),
    newText: lineText(line, edit),
  };
}

/** The tool call that does it. */
export function callOf(action: Step): { name: string; args: Record<string, string> } {
  if (action.kind === 'read') return { name: 'read_file', args: { path: action.path } };
  const { path, oldText: old_text, newText: new_text } = action;
  return { name: 'replace_in_file', args: { path, old_text, new_text } };
}

export function callId(step: number): string {
  return `call_${step}`;
}

/** Calls `visit` for every step with the files as they are before it; answers the files at the end. */
export function replay(
  script: StepScript,
  steps: number,
  visit: (step: number, action: Step, content: string) => void = () => undefined,
): Map<string, string> {
  const files = new Map<string, string[]>();
  for (let file = 0; file < script.files; file++) {
    files.set(
      pathOf(file),
      Array.from({ length: script.lines }, (_, line) => lineText(line, 0)),
    );
  }
  for (let step = 1; step <= steps; step++) {
    const action = stepAt(script, step);
    const lines = files.get(action.path)!;
    visit(step, action, contentOf(lines));
    if (action.kind === 'edit') lines[action.line] = action.newText;
  }
  return new Map([...files].map(([path, lines]) => [path, contentOf(lines)]));
}

export function writeFiles(script: StepScript, folder: string): void {
  for (const [path, content] of replay(script, 0)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** What is wrong with the files on disk after so many steps; nothing if all is well. */
export function wrongFiles(script: StepScript, steps: number, folder: string): string[] {
  return [...replay(script, steps)]
    .filter(([path, content]) => readFileSync(join(folder, path), 'utf8') !== content)
    .map(([path]) => `${path} does not have the content it should have after ${steps} steps`);
}

function pathOf(file: number): string {
  return `src/file-${file}.ts`;
}

function lineText(line: number, revision: number): string {
  const text = `const v${String(line).padStart(4, '0')} = "revision ${String(revision).padStart(6, '0')}";`;
  return text.padEnd(LINE_BYTES - 1, '/');
}

function contentOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
