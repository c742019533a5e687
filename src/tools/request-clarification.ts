import { t } from '@vscode/l10n';
import { z } from 'zod';
import { defineTool } from './tool.ts';

export const requestClarification = defineTool({
  name: 'request_clarification',
  kind: 'other',
  description:
    'Asks the user one question and waits for the answer. Use it when a decision is theirs. The answer is information, not permission: every change is still shown for approval.',
  schema: z.strictObject({
    question: z.string().min(1).max(2000),
    choices: z
      .array(z.string().min(1).max(200))
      .max(6)
      .optional()
      .describe('Answers to choose from; the user may give another one'),
  }),
  title: () => t('Question'),
  ask: ({ question, choices = [] }) => ({ text: question, choices }),
});
