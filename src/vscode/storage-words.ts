import * as vscode from 'vscode';
import type { StorageMode, StorageNotice, StorageProblem, StorageWay } from '../shared/storage.ts';

export function noticeOf(
  mode: StorageMode,
  problem: StorageProblem | null,
  lowSpace: number | null,
): StorageNotice | null {
  switch (mode) {
    case 'readOnly':
      return {
        kind: 'readOnly',
        message: vscode.l10n.t(
          'The conversations are open for reading only, as far as they can be read. Nothing can be sent or approved.',
        ),
        ways: waysFrom(problem, mode),
      };
    case 'inMemory':
      return {
        kind: 'inMemory',
        message: vscode.l10n.t(
          'This conversation is not saved: it is gone when the window is closed. The agent can read and answer, but not change files.',
        ),
        ways: waysFrom(problem, mode),
      };
    case 'normal':
      break;
  }
  if (problem !== null) return { kind: 'closed', message: problem.message, ways: problem.ways };
  return lowSpace === null ? null : lowSpaceNotice(lowSpace);
}

function waysFrom(problem: StorageProblem | null, mode: StorageWay): readonly StorageWay[] {
  return problem?.ways.filter((way) => way !== mode) ?? ['retry'];
}

function lowSpaceNotice(free: number): StorageNotice {
  const megabytes = Math.floor(free / 1_000_000);
  const message = vscode.l10n.t(
    'Only {0} MB are free on the disk with the conversations. A run may stop half-way when there is no space left to record it.',
    megabytes,
  );
  return { kind: 'lowSpace', message, ways: [] };
}

export function labelOf(way: StorageWay): string {
  switch (way) {
    case 'retry':
      return vscode.l10n.t('Retry');
    case 'restoreBackup':
      return vscode.l10n.t('Restore Backup…');
    case 'readOnly':
      return vscode.l10n.t('Open Read-Only');
    case 'useFound':
      return vscode.l10n.t('Use What Is There');
    case 'startFresh':
      return vscode.l10n.t('Start Fresh…');
    case 'inMemory':
      return vscode.l10n.t('Chat Without Saving');
  }
}
