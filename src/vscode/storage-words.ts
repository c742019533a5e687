import * as vscode from 'vscode';
import type {
  StorageChoice,
  StorageMode,
  StorageNotice,
  StorageProblem,
  StorageWay,
} from '../shared/storage.ts';

export function noticeOf(
  mode: StorageMode,
  problem: StorageProblem | null,
  lowSpace: number | null,
): StorageNotice | null {
  const ways = (problem?.ways ?? ['retry']).filter((way) => way !== mode).map(choiceOf);
  if (mode !== 'normal') return { kind: mode, message: limitOf(mode), ways };
  if (problem !== null) return { kind: 'closed', message: problem.message, ways };
  return lowSpace === null ? null : lowSpaceNotice(lowSpace);
}

function limitOf(mode: Exclude<StorageMode, 'normal'>): string {
  return mode === 'readOnly'
    ? vscode.l10n.t(
        'The conversations are open for reading only, as far as they can be read. Nothing can be sent or approved.',
      )
    : vscode.l10n.t(
        'This conversation is not saved: it is gone when the window is closed. The agent can read and answer, but not change files.',
      );
}

function lowSpaceNotice(free: number): StorageNotice {
  const megabytes = Math.floor(free / 1_000_000);
  const message = vscode.l10n.t(
    'Only {0} MB are free on the disk with the conversations. A run may stop half-way when there is no space left to record it.',
    megabytes,
  );
  return { kind: 'lowSpace', message, ways: [] };
}

function choiceOf(way: StorageWay): StorageChoice {
  return { way, label: labelOf(way) };
}

function labelOf(way: StorageWay): string {
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
