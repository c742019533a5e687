import type { Environment } from '../../../src/shared/protocol.ts';
import type {
  AnswerItem,
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
    ...over,
  };
}

/** The built-in model, as on the first day. */
export const demo = environment({ modelLabel: 'Demo', demo: true, endpoint: null, keySet: false });

export function thread(items: readonly ThreadItem[], over: Partial<ThreadView> = {}): ThreadView {
  return { threadId: 't1', title: 'Thread', status: 'idle', failure: null, items, ...over };
}

export function user(id: string, text: string): UserItem {
  return { kind: 'user', id, text };
}

export function answer(id: string, text: string, streaming = false): AnswerItem {
  return { kind: 'answer', id, text, streaming };
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

export function review(id: string, over: Partial<ReviewView> = {}): ReviewView {
  return {
    proposalId: `proposal-${id}`,
    interruptId: `interrupt-${id}`,
    path: 'src/app.ts',
    creates: false,
    deletes: false,
    undo: null,
    added: 2,
    removed: 1,
    why: 'default: every change asks',
    risk: 'low',
    hiddenCharacters: 0,
    diff: [
      { kind: 'context', line: 11, text: 'export function greet(name: string): string {' },
      { kind: 'removed', line: 12, text: "  return 'Hello World';" },
      { kind: 'added', line: 12, text: '  const greeting = `Hello ${name}`;' },
      { kind: 'added', line: 13, text: '  return greeting;' },
      { kind: 'context', line: 14, text: '}' },
    ],
    moreRows: 0,
    ...over,
  };
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
