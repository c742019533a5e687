import type { Shown } from '../../../src/shared/decision.ts';
import type { Environment } from '../../../src/shared/protocol.ts';
import type {
  AnswerItem,
  DiffRow,
  FileView,
  RefusalItem,
  ReviewView,
  ThreadItem,
  ThreadView,
  ToolItem,
  UserItem,
} from '../../../src/shared/thread-view.ts';

export function environment(over: Partial<Environment> = {}): Environment {
  return {
    readiness: 'ready',
    modelLabel: 'gpt-5',
    demo: false,
    endpoint: 'https://models.example/v1',
    keySet: true,
    storage: null,
    ...over,
  };
}

/** The built-in model, as on the first day. */
export const demo = environment({ modelLabel: 'Demo', demo: true, endpoint: null, keySet: false });

export function thread(items: readonly ThreadItem[], over: Partial<ThreadView> = {}): ThreadView {
  return {
    threadId: 't1',
    title: 'Thread',
    status: 'idle',
    failure: null,
    elsewhere: false,
    mode: 'act',
    plan: null,
    items,
    ...over,
  };
}

export function user(id: string, text: string): UserItem {
  return { kind: 'user', id, text };
}

export function answer(id: string, text: string, streaming = false): AnswerItem {
  return { kind: 'answer', id, text, streaming };
}

/** Answers the message `id`. */
export function refusal(id: string, text: string, unclear: boolean): RefusalItem {
  return { kind: 'refusal', id: `refusal-${id}`, messageId: id, text, unclear };
}

export function read(id: string, path: string, over: Partial<ToolItem> = {}): ToolItem {
  return {
    kind: 'tool',
    id,
    toolName: 'read_file',
    toolKind: 'read',
    title: `Read ${path}`,
    state: 'done',
    detail: '120 lines',
    review: null,
    ...over,
  };
}

const DIFF: readonly DiffRow[] = [
  {
    kind: 'context',
    line: 11,
    text: 'export function greet(name: string): string {',
    change: null,
  },
  { kind: 'removed', line: 12, text: "  return 'Hello World';", change: 0 },
  { kind: 'added', line: 12, text: '  const greeting = `Hello ${name}`;', change: 0 },
  { kind: 'added', line: 13, text: '  return greeting;', change: 0 },
  { kind: 'context', line: 14, text: '}', change: null },
];

export function file(operation: number, over: Partial<FileView> = {}): FileView {
  return {
    operation,
    change: 'edit',
    path: operation === 0 ? 'src/app.ts' : `src/part-${operation}.ts`,
    to: null,
    added: 2,
    removed: 1,
    isText: true,
    tooLarge: '',
    diff: DIFF,
    moreRows: 0,
    declined: false,
    changes: 1,
    ...over,
  };
}

/** Each change takes line `10 n` away and adds two there. */
export function fileOfChanges(operation: number, changes: number): FileView {
  const rows = Array.from({ length: changes }, (_, change): DiffRow[] => {
    const line = 10 * (change + 1);
    return [
      { kind: 'removed', line, text: `old ${change}`, change },
      { kind: 'added', line, text: `new ${change}a`, change },
      { kind: 'added', line: line + 1, text: `new ${change}b`, change },
      { kind: 'context', line: line + 2, text: 'as it was', change: null },
    ];
  });
  return file(operation, { diff: rows.flat(), changes, added: 2 * changes, removed: changes });
}

export function review(id: string, over: Partial<ReviewView> = {}): ReviewView {
  const files = over.files ?? [file(0)];
  const sum = (of: 'added' | 'removed'): number => files.reduce((total, one) => total + one[of], 0);
  return {
    proposalId: `proposal-${id}`,
    interruptId: `interrupt-${id}`,
    effectHash: `hash-${id}`,
    path: files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`,
    files,
    added: sum('added'),
    removed: sum('removed'),
    hiddenCharacters: 0,
    why: 'default: every change asks',
    risk: 'low',
    warnings: [],
    irrecoverable: [],
    command: null,
    notice: null,
    approvable: true,
    edited: false,
    question: null,
    evidence: [],
    undo: null,
    progress: null,
    since: null,
    comments: [],
    facts: [],
    ...over,
  };
}

/** A question of the agent. */
export function question(id: string, text: string, choices: readonly string[] = []): ToolItem {
  return edit(
    id,
    { toolName: 'ask_user', toolKind: 'other', title: 'Ask a question' },
    { files: [], path: '', question: { text, choices } },
  );
}

/** What an answer to the sample of this id is about. */
export function shown(id: string): Shown {
  return { interruptId: `interrupt-${id}`, effectHash: `hash-${id}` };
}

export function edit(
  id: string,
  over: Partial<ToolItem> = {},
  reviewOver: Partial<ReviewView> = {},
): ToolItem {
  return {
    kind: 'tool',
    id,
    toolName: 'edit_file',
    toolKind: 'edit',
    title: 'Edit src/app.ts',
    state: 'proposed',
    detail: '',
    review: review(id, reviewOver),
    ...over,
  };
}

/** The same edit once it was answered. */
export function decided(item: ToolItem, state: ToolItem['state'], detail = ''): ToolItem {
  const { review: before } = item;
  return { ...item, state, detail, review: before && { ...before, interruptId: null } };
}

/** A thread that waits for decisions on these edits. */
export function waiting(...ids: string[]): ThreadView {
  const items = ids.map((id) => edit(id, { title: `Edit ${id}.ts` }));
  return thread([user('u1', 'Go'), ...items], { status: 'waiting' });
}
