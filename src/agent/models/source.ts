import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ClassifierSource } from '../guard/classifier.ts';
import { DemoModel } from './demo.ts';
import {
  type ClassifierSettings,
  type ReadServerSettings,
  type ServerSettings,
  checkBaseUrl,
  createServerModel,
  firstModel,
} from './openai.ts';

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
  const make = lastUsed(async (read: ServerSettings) => ({
    model: await serverModel(read),
    patience: read.patience,
  }));
  return async () => {
    const read = await readSettings();
    return read === null ? { model: demo, patience: DEMO_PATIENCE } : make(read);
  };
}

/** The model that checks now, where the settings want one; the demo does without. */
export function createClassifierSource(readSettings: ReadServerSettings): ClassifierSource {
  const make = lastUsed(async (read: ServerSettings, { model, limit }: ClassifierSettings) => ({
    model: await serverModel({ ...read, model: model === '' ? read.model : model }),
    limit,
  }));
  return async () => {
    const read = await readSettings();
    return read?.classifier === undefined ? null : make(read, read.classifier);
  };
}

/** Makes it anew only when what it is made of has changed. */
function lastUsed<A extends unknown[], T>(
  make: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let last: { readonly key: string; readonly made: T } | null = null;
  return async (...args) => {
    const key = JSON.stringify(args);
    if (last?.key !== key) last = { key, made: await make(...args) };
    return last.made;
  };
}

async function serverModel(read: ServerSettings): Promise<BaseChatModel> {
  const settings = { ...read, baseUrl: checkBaseUrl(read.baseUrl) };
  const name = settings.model === '' ? await firstModel(settings) : settings.model;
  return createServerModel({ ...settings, model: name });
}
