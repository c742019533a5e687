import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Every layer may import the layers named here and itself. */
const mayImport: Record<string, readonly string[]> = {
  shared: [],
  workspace: ['shared'],
  checkpoint: ['shared'],
  approval: ['workspace', 'checkpoint', 'shared'],
  tools: ['approval', 'workspace', 'shared'],
  agent: ['tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  threads: ['agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  vscode: ['threads', 'agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  server: ['threads', 'agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  '.': ['vscode', 'shared'],
  media: ['shared'],
};

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(): SourceFile[] {
  const paths = ['src', 'media'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const imports = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)];
    return { path, layer: layerOf(path), text, imports: imports.map((found) => found[1] ?? '') };
  });
}

function layerOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split(sep);
  return top === 'media' ? 'media' : rest.length === 0 ? '.' : second;
}

describe('architecture', () => {
  it('imports follow the layers', () => {
    const wrong = sources().flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, resolve(root, dirname(file.path), name)))
        .filter((target) => {
          const layer = layerOf(target);
          return layer !== file.layer && !(mayImport[file.layer] ?? []).includes(layer);
        })
        .map((target) => `${file.path} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('vscode is imported only in src/vscode and src/extension.ts', () => {
    const wrong = sources().filter(
      (file) => file.imports.includes('vscode') && !['vscode', '.'].includes(file.layer),
    );
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });

  it('src/shared imports nothing but itself', () => {
    const wrong = sources().filter(
      (file) => file.layer === 'shared' && file.imports.some((name) => !name.startsWith('.')),
    );
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });

  /** Files of ours in which the code, comments apart, has something of this form. */
  const having = (form: RegExp, layers?: readonly string[]): string[] =>
    sources()
      .filter(({ layer }) => layers === undefined || layers.includes(layer))
      .filter(({ text }) => form.test(codeOf(text)))
      .map(({ path }) => path.split(sep).join('/'));
  const host = Object.keys(mayImport).filter((layer) => layer !== 'media');

  const ONE_PLACE: [what: string, form: RegExp, places: string[]][] = [
    ['interrupts', /\binterrupt\(/u, ['src/agent/tool-task.ts']],
    ['streams or invokes the graph', /\bagent\s*\.(?:stream|invoke)\(/u, ['src/threads/run.ts']],
    ['runs a graph by any other name', /\.(?:invoke|streamEvents|batch)\(/u, []],
    ['makes a Command', /\bCommand\(/u, ['src/threads/run.ts']],
    ['claims', /\.claim\(/u, ['src/approval/executor.ts', 'src/approval/run-command.ts']],
    ['runs a command', /\brunner\s*\.run\(/u, ['src/approval/run-command.ts']],
    [
      'asks a person about what could not be taken back',
      /\bconfirmEach\(/u,
      ['src/approval/confirming.ts', 'src/approval/undo.ts', 'src/threads/decide.ts'],
    ],
    [
      'changes a file of the workspace',
      /\bworkspace\s*\.(?:create|replace|move|remove)\(/u,
      ['src/approval/perform.ts'],
    ],
    [
      'clears away in the workspace',
      /\bworkspace\s*\.(?:sweep|removeEmptyFolders)\(/u,
      ['src/approval/aftermath.ts'],
    ],
    [
      'changes a file of the workspace by any other name',
      /(?<!\bworkspace\s*)\.(?:replaceText|moveToTrash|sweep|removeEmptyFolders)\(/u,
      ['src/workspace/disk.ts'],
    ],
    [
      'takes a step of an effect',
      /(?<!#)\b(?:perform|rollBack)\(/u,
      ['src/approval/aftermath.ts', 'src/approval/executor.ts', 'src/approval/perform.ts'],
    ],
    [
      'carries an approval out',
      /\bexecutor\s*\.apply\(/u,
      ['src/agent/tool-task.ts', 'src/approval/undo.ts'],
    ],
    [
      'writes a decision into the ledger',
      /\bledger\s*\.decide\(/u,
      ['src/approval/undo.ts', 'src/threads/decide.ts'],
    ],
    [
      'composes what a decision approves',
      /\bcomposeDecision\(/u,
      ['src/approval/answers.ts', 'src/threads/decide.ts'],
    ],
    [
      'marks changes',
      /\bledger\s*\.mark\(/u,
      ['src/threads/edit-proposal.ts', 'src/threads/mark-changes.ts'],
    ],
    [
      'shows something else than before',
      /\bledger\s*\.revise\(/u,
      [
        'src/approval/restage.ts',
        'src/approval/run-command.ts',
        'src/threads/arguments.ts',
        'src/threads/edit-proposal.ts',
        'src/threads/settling.ts',
      ],
    ],
    [
      'says that an effect is shown',
      /\bledger\s*\.ask\(/u,
      ['src/approval/undo.ts', 'src/threads/asking.ts'],
    ],
    [
      'freezes a proposal',
      /\bledger\s*\.freeze\(/u,
      ['src/agent/tool-task.ts', 'src/approval/undo.ts'],
    ],
    [
      'ends a proposal without a decision',
      /\bledger\s*\.finish\(/u,
      [
        'src/approval/aftermath.ts',
        'src/approval/executor.ts',
        'src/approval/run-command.ts',
        'src/approval/settle.ts',
        'src/threads/open-calls.ts',
        'src/threads/settling.ts',
      ],
    ],
    ['takes an approval back', /\bledger\s*\.reopen\(/u, ['src/approval/aftermath.ts']],
    [
      'adds a row to the audit',
      /\baudit\s*\.append\(/u,
      ['src/approval/recording.ts', 'src/approval/sending-anyway.ts', 'src/approval/showing.ts'],
    ],
    ['undoes', /\bundoEffect\(/u, ['src/approval/undo.ts', 'src/threads/undoing.ts']],
    [
      'sets a timer',
      /\bset(?:Timeout|Interval)\(/u,
      [
        'src/agent/silence.ts',
        'src/checkpoint/connection.ts',
        'src/checkpoint/other-windows.ts',
        'src/checkpoint/timing.ts',
        'src/vscode/pause.ts',
      ],
    ],
  ];
  for (const [what, form, places] of ONE_PLACE) {
    it(`${places.join(' or ') || 'nothing'} ${what}, and nothing else does`, () => {
      assert.deepEqual(having(form, host).toSorted(), places);
    });
  }

  it('a resume names the interrupts it answers', () => {
    const run = sources().find(({ path }) => path.endsWith('run.ts'));
    assert.ok(run);
    assert.match(run.text, /__pregel_strict_resume: true/u);
    const resumes = [...codeOf(run.text).matchAll(/Command\(\{\s*resume:\s*([^,}]+)/gu)].map(
      ([, value]) => value,
    );
    assert.deepEqual(
      resumes.map((value) => value?.trim()),
      ['input.answers'],
    );
    assert.match(run.text, /answers: Record<string, z\.infer<typeof wakeUp>>/u);
    assert.match(run.text, /configurable: \{ \.\.\.configurable, __pregel_strict_resume: true \}/u);
    assert.match(run.text, /durability: 'sync'/u);
  });

  it('only the disk writes files of the workspace; the database has files of its own', () => {
    const WRITES =
      /\b(?:writeFile|appendFile|mkdir|mkdtemp|open|rename|rm|rmdir|unlink|copyFile|cp|link|symlink|truncate|utimes|chmod|chown|createWriteStream)(?:Sync)?\b/u;
    const writing = (names: string): readonly string[] =>
      names.startsWith('{')
        ? names.split(/[{},\s]+/u).filter((name) => WRITES.test(name))
        : [names];
    const writers = sources()
      .filter(({ layer }) => layer !== 'media')
      .flatMap(({ path, text }) =>
        [...text.matchAll(/import (?!type)([^;]*?) from 'node:fs(?:\/promises)?'/gu)]
          .filter(([, names = '']) => WRITES.test(names) || !names.startsWith('{'))
          .map(([, names = '']) => `${path.split(sep).join('/')}: ${writing(names).join(' ')}`),
      );
    assert.deepEqual(writers.toSorted(), [
      'src/checkpoint/backup.ts: copyFileSync renameSync',
      'src/checkpoint/database.ts: mkdirSync',
      'src/checkpoint/files.ts: linkSync openSync renameSync rmSync',
      'src/checkpoint/living.ts: rmSync',
      'src/checkpoint/pending.ts: openSync',
      'src/checkpoint/readable-copy.ts: chmodSync copyFileSync mkdtempSync rmSync',
      'src/checkpoint/recovery.ts: renameSync',
      'src/workspace/file-system.ts: * as promises',
    ]);
    const disk = ['disk', 'folders', 'moving', 'new-file', 'publishing', 'reading'];
    const readers = ['path-gate', 'read-only'];
    const pathOf = (name: string): string => `src/workspace/${name}.ts`;
    const given = sources()
      .filter(({ imports }) => imports.some((name) => name.endsWith('/file-system.ts')))
      .map(({ path }) => path.split(sep).join('/'));
    assert.deepEqual(given.toSorted(), [...disk, ...readers].map(pathOf).toSorted());
    const CHANGES = /\.(?:chmod|chown|link|mkdir|open|rename|rmdir|truncate|unlink|write\w*)\(/u;
    assert.deepEqual(having(CHANGES, ['workspace']).toSorted(), disk.map(pathOf));
    assert.deepEqual(having(/\bWorkspaceEdit\b|\.applyEdit\(/u), ['src/vscode/open-documents.ts']);
    assert.deepEqual(having(/\.replaceText\(/u).toSorted(), ['src/workspace/disk.ts']);
    assert.deepEqual(having(/\bworkspace\s*\.fs\s*\.(?!delete\b)/u), []);
    assert.deepEqual(having(/\bworkspace\s*\.fs\b/u), ['src/vscode/editor-state.ts']);
    assert.deepEqual(having(/\.moveToTrash\(/u), ['src/workspace/disk.ts']);
    assert.deepEqual(having(/(?:require|getBuiltinModule|import)\(\s*'(?:node:)?fs/u), []);
  });

  it('nothing in the panel decides by a timer', () => {
    const timed = having(/\bset(?:Timeout|Interval)\(/u, ['media']);
    const deciding = having(/\.decide\(/u, ['media']);
    assert.ok(timed.length > 0 && deciding.length > 0);
    assert.deepEqual(
      timed.filter((path) => deciding.includes(path)),
      [],
    );
  });

  it('no process is started but the one that shows a notification of the system', () => {
    assert.deepEqual(having(/child_process/u), ['src/vscode/system-notice.ts']);
  });

  it('there is no any, and no rule is switched off', () => {
    assert.deepEqual(
      having(/(?:[:<|&(,]|\bas|=>|\bextends)\s*any(?=\s*(?:[;,)>\]|&={]|\[\]|$))/mu),
      [],
    );
    const switchedOff = sources().filter(({ text }) =>
      /@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable|prettier-ignore/u.test(text),
    );
    assert.deepEqual(
      switchedOff.map(({ path }) => path),
      [],
    );
  });
});

/** Without comments, and with the words of plain strings left out unless they name a module. */
function codeOf(text: string): string {
  return text
    .replaceAll(/\/\*[^]*?\*\//gu, '')
    .replaceAll(/(?<=^|\s)\/\/.*$/gmu, '')
    .replaceAll(/'(?![\w:/]+')(?:[^'\\\n]|\\.)*'/gu, "''");
}
