import { t } from '@vscode/l10n';
import type { Risk } from '../shared/thread-view.ts';

/** Files that steer the editor, the repository, the agent or hold secrets. */
const PROTECTED =
  /(?:^|\/)(?:\.vscode|\.git|\.env[^/]*|agents\.md|[^/]*\.code-workspace)(?:\/|$)/iu;

/** Why a proposal waits for a person, in words, and how much there is at stake. */
export interface Verdict {
  readonly why: string;
  readonly risk: Risk;
}

/** Every change asks. There is no rule yet that allows one. */
export function judge(displayPath: string, deletes: boolean): Verdict {
  if (PROTECTED.test(displayPath)) return { why: t('Protected file: always asks'), risk: 'high' };
  return { why: t('Default: every change asks'), risk: deletes ? 'high' : 'low' };
}
