import type { Invocation } from './command-line.ts';
import { openHeadless } from './headless.ts';
import { EXIT } from './help.ts';
import { serveHttpApi } from './http-api.ts';
import { serverSettings, stateOf, takeFromEnvironment } from './place.ts';
import { readToken } from './state-folder.ts';

export interface ServeDeps {
  /** Path of the code of this process, which is that of the maintenance worker, too. */
  readonly own: string;
  readonly version: string;
  readonly log: (error: unknown) => void;
}

/** Serves until it is told to end. Says where in one line of JSON; never the token. */
export async function serve(
  { place, model, port, tokenFile, allowIrrecoverable }: Extract<Invocation, { kind: 'serve' }>,
  { own, version, log }: ServeDeps,
): Promise<number> {
  const state = stateOf(place);
  const fromEnvironment = takeFromEnvironment('COUNTERSIGN_TOKEN');
  const path = tokenFile ?? state.tokenFile;
  const token = readToken(fromEnvironment, path);
  const told = Promise.withResolvers<null>();
  const end = (): void => {
    told.resolve(null);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  const settings = serverSettings(model);
  const core = await openHeadless({
    ...{ workspace: state.workspace, state, model: settings, maintenancePath: own, log },
  });
  try {
    await core.threads.pending();
    const api = await serveHttpApi({
      core: () => Promise.resolve(core),
      confirm: allowIrrecoverable ? () => Promise.resolve(true) : null,
      ...{ token, port, version, log },
    });
    const where = {
      url: api.url,
      workspace: state.workspace,
      token_file: fromEnvironment === '' ? path : null,
      model: settings === null ? 'demo' : settings.model,
    };
    process.stdout.write(`${JSON.stringify(where)}\n`);
    await told.promise;
    await api.close();
  } finally {
    await core.close();
  }
  return EXIT.done;
}
