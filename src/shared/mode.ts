/**
 * The route that a thread takes: in `ask` the agent only reads, in `plan` it reads and makes a plan,
 * in `act` it may propose changes.
 */
export const MODES = ['ask', 'plan', 'act'] as const;

export type Mode = (typeof MODES)[number];

export function nextMode(mode: Mode): Mode {
  return MODES[(MODES.indexOf(mode) + 1) % MODES.length] ?? 'act';
}
