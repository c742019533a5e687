import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { DemoModel } from './demo.ts';
import { type ReadServerSettings, checkBaseUrl, createServerModel, firstModel } from './openai.ts';

/** Answers the model to ask now. @throws UserFacingError if none can be used */
export type ModelSource = () => Promise<ModelChoice>;

export interface ModelChoice {
  readonly model: BaseChatModel;
  /** Seconds of silence after which a request is given up. */
  readonly patience: number;
}

/** The demo is never silent. */
const DEMO_PATIENCE = 60;

/** The model that answers now: the configured server's, else the demo. */
export function createModelSource(readSettings: ReadServerSettings): ModelSource {
  const demo = new DemoModel();
  let last: (ModelChoice & { readonly key: string }) | null = null;
  return async () => {
    const read = await readSettings();
    if (read === null) return { model: demo, patience: DEMO_PATIENCE };
    const key = JSON.stringify(read);
    if (last?.key === key) return last;
    const settings = { ...read, baseUrl: checkBaseUrl(read.baseUrl) };
    const name = settings.model === '' ? await firstModel(settings) : settings.model;
    const model = createServerModel({ ...settings, model: name });
    last = { key, model, patience: settings.patience };
    return last;
  };
}
