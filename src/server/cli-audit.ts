import { t } from '@vscode/l10n';
import { existsSync } from 'node:fs';
import { createAudit } from '../approval/audit.ts';
import { auditJson, auditMarkdown, verdictText } from '../approval/audit-export.ts';
import { openDatabase } from '../checkpoint/database.ts';
import { databaseIn } from '../checkpoint/files.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Invocation } from './command-line.ts';
import { EXIT } from './help.ts';
import { stateOf } from './place.ts';

export function audit({ place, act, form }: Extract<Invocation, { kind: 'audit' }>): number {
  const { storage, auditHead, marker } = stateOf(place);
  if (!existsSync(databaseIn(storage))) {
    throw new UserFacingError('notFound', t('There is no record of this folder in {0}.', storage));
  }
  const database = openDatabase(storage, { marker });
  try {
    const record = createAudit(database, () => Date.now(), auditHead);
    const verdict = record.verify();
    const write = form === 'json' ? auditJson : auditMarkdown;
    const text = act === 'verify' ? `${verdictText(verdict)}\n` : write(record.rows(), verdict);
    process.stdout.write(text);
    return verdict.problem === null ? EXIT.done : EXIT.failed;
  } finally {
    database.close();
  }
}
