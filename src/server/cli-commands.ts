// All that the command line does, apart from saying what it is: the part that takes long to load.
export { audit } from './cli-audit.ts';
export { run } from './cli-conversation.ts';
export { serve } from './cli-serve.ts';

/** In a worker: looks after the database. */
export async function maintain(): Promise<void> {
  await import('../checkpoint/maintenance.ts');
}
