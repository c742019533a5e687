/** What is measured, side by side. */
export interface Subject {
  readonly key: 'bare' | 'fetch' | 'countersign' | 'langgraph' | 'delta';
  readonly name: string;
  /** The entry of its process, below `subjects/`. */
  readonly entry: string;
  /** True: its libraries are loaded from `node_modules`, as most programs do. */
  readonly unbundled: boolean;
  readonly maxSteps: number;
  /** In a long conversation; 0: it has none. */
  readonly maxMessages: number;
  /** It writes to a database that another program may lock. */
  readonly locks: boolean;
}

export const SUBJECTS: readonly Subject[] = [
  {
    key: 'bare',
    name: 'bare loop, `node:http`, JSONL',
    entry: 'bare-http',
    unbundled: false,
    maxSteps: Infinity,
    maxMessages: Infinity,
    locks: false,
  },
  {
    key: 'fetch',
    name: 'bare loop, `fetch`',
    entry: 'bare-fetch',
    unbundled: false,
    maxSteps: Infinity,
    maxMessages: 0,
    locks: false,
  },
  {
    key: 'countersign',
    name: 'Countersign',
    entry: 'countersign',
    unbundled: false,
    maxSteps: Infinity,
    maxMessages: Infinity,
    locks: true,
  },
  {
    key: 'langgraph',
    name: 'LangGraph, interrupts, stock SqliteSaver on better-sqlite3 (not bundled)',
    entry: 'langgraph',
    unbundled: true,
    // It stores the whole conversation with every step: 1,000 steps would fill the disk.
    maxSteps: 300,
    maxMessages: 1000,
    locks: true,
  },
  {
    key: 'delta',
    name: 'the same with delta state',
    entry: 'delta',
    unbundled: true,
    maxSteps: Infinity,
    maxMessages: Infinity,
    locks: false,
  },
];
