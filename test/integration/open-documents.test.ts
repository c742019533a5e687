import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  hasBytes,
  hasUnsavedChanges,
  openDocument,
  replaceText,
} from '../../src/vscode/open-documents.ts';
import { encodeText } from '../../src/workspace/text.ts';

const fine = (): Promise<void> => Promise.resolve();

describe('files that are open in the editor', () => {
  let folder: string;
  let count = 0;

  before(() => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = join(realpathSync(workspace.uri.fsPath), 'open-documents');
    mkdirSync(folder);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  interface Opened {
    readonly path: string;
    readonly document: vscode.TextDocument;
    readonly editor: vscode.TextEditor;
  }

  async function open(content: string | Uint8Array, encoding?: string): Promise<Opened> {
    const path = join(folder, `file-${++count}.txt`);
    writeFileSync(path, content);
    const uri = vscode.Uri.file(path);
    const document = await (encoding === undefined
      ? vscode.workspace.openTextDocument(uri)
      : vscode.workspace.openTextDocument(uri, { encoding }));
    return { path, document, editor: await vscode.window.showTextDocument(document) };
  }

  const type = async ({ editor }: Opened, text: string): Promise<void> => {
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    assert.ok(
      await editor.edit((edit) => {
        edit.insert(end, text);
      }),
    );
  };

  const forms: readonly [name: string, bytes: Uint8Array, next: Uint8Array][] = (
    [
      ['UTF-8', 'utf8', false],
      ['UTF-8 with a byte order mark', 'utf8', true],
      ['UTF-16 LE', 'utf16le', true],
      ['UTF-16 BE', 'utf16be', true],
    ] as const
  ).flatMap(([name, encoding, bom]) =>
    ['\n', '\r\n'].map((end): [string, Uint8Array, Uint8Array] => {
      const encode = (text: string): Uint8Array =>
        encodeText(text.replaceAll('\n', end), { encoding, bom });
      const label = `${name}, ${JSON.stringify(end)}`;
      return [label, encode('one\ntwo ß€😀\nthree\n'), encode('one\n2 ß€😀\nthree\nfour')];
    }),
  );
  for (const [name, bytes, next] of forms) {
    it(`ENC-04: are read and written to the byte in ${name}`, async () => {
      const opened = await open(bytes);
      const found = await openDocument(opened.path);
      assert.deepEqual(Buffer.from(found!.bytes), Buffer.from(bytes));
      assert.equal(found!.dirty, false);
      assert.equal(await hasBytes(opened.path, bytes), true);
      assert.equal(await replaceText(opened.path, next, fine), 'saved');
      assert.deepEqual(readFileSync(opened.path), Buffer.from(next));
      assert.equal(opened.document.isDirty, false);
    });
  }

  it('FS-13: a dirty one is what the user has, and is changed in one step of its history', async () => {
    const opened = await open('one\ntwo\nthree\n');
    await type(opened, 'four\n');
    assert.equal(hasUnsavedChanges(opened.path), true);
    const found = await openDocument(opened.path);
    assert.deepEqual(
      [found!.dirty, Buffer.from(found!.bytes).toString()],
      [true, 'one\ntwo\nthree\nfour\n'],
    );
    const next = Buffer.from('ONE\ntwo\nTHREE\nfour\n');
    assert.equal(await replaceText(opened.path, next, fine), 'saved');
    assert.equal(readFileSync(opened.path, 'utf8'), 'ONE\ntwo\nTHREE\nfour\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(opened.document.getText(), 'one\ntwo\nthree\nfour\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(opened.document.getText(), 'one\ntwo\nthree\n');
  });

  it('cursor and selection stay where nothing is changed', async () => {
    const opened = await open('a\nb\nc\nd\ne\n');
    opened.editor.selection = new vscode.Selection(3, 0, 3, 1);
    await replaceText(opened.path, Buffer.from('A\nnew\nb\nc\nd\nE\n'), fine);
    const { active, anchor } = opened.editor.selection;
    assert.deepEqual([anchor.line, anchor.character, active.line], [4, 0, 4]);
  });

  it('texts of many kinds become exactly those that are wanted', async () => {
    const texts = ['', 'a', 'a\n', '\n\n', 'b\n\na'];
    const opened = await open('start\n');
    for (const from of texts) {
      for (const to of texts) {
        await replaceText(opened.path, Buffer.from(from), fine);
        assert.equal(await replaceText(opened.path, Buffer.from(to), fine), 'saved');
        assert.equal(readFileSync(opened.path, 'utf8'), to, JSON.stringify([from, to]));
      }
    }
  });

  const unsuited: readonly [why: string, before: string | Uint8Array, next: string | Uint8Array][] =
    [
      ['mixed line endings', 'a\r\nb\r\n', 'a\r\nb\n'],
      ['other line endings', 'a\nb\n', 'a\r\nb\r\n'],
      ['a lone carriage return', 'a\nb\n', 'a\rb\n'],
      ['a line separator', 'a\n', 'a\u2028b\n'],
      ['a byte order mark that it has not', 'a\n', '\uFEFFa\n'],
      ['no byte order mark where it has one', '\uFEFFa\n', 'a\n'],
      ['no text', 'a\n', Buffer.from([0, 1, 2, 3])],
      ['bytes that are no UTF-8', 'a\n', Buffer.from('636166e9ff0a', 'hex')],
    ];
  for (const [why, before, next] of unsuited) {
    it(`ENC-02, ENC-05: are left alone for ${why}`, async () => {
      const opened = await open(before);
      const { version } = opened.document;
      let checked = 0;
      const check = (): Promise<void> => {
        checked++;
        return Promise.resolve();
      };
      assert.equal(await replaceText(opened.path, Buffer.from(next), check), 'unsuited');
      assert.deepEqual(readFileSync(opened.path), Buffer.from(before));
      assert.deepEqual([opened.document.version, opened.document.isDirty], [version, false]);
      assert.equal(checked, 0);
    });
  }

  it('a file that is not open is not opened for it', async () => {
    const path = join(folder, 'closed.txt');
    writeFileSync(path, 'a\n');
    assert.equal(await openDocument(path), null);
    assert.equal(await replaceText(path, Buffer.from('b\n'), fine), 'unsuited');
    assert.ok(vscode.workspace.textDocuments.every(({ uri }) => uri.fsPath !== path));
  });

  it('one in another encoding keeps it, and what it cannot hold is left alone', async () => {
    const opened = await open(Buffer.from('caf\u00e9\n', 'latin1'), 'iso88591');
    assert.deepEqual(
      Buffer.from((await openDocument(opened.path))!.bytes),
      Buffer.from('caf\u00e9\n', 'latin1'),
    );
    const latin = Buffer.from('th\u00e9\n', 'latin1');
    assert.equal(await replaceText(opened.path, latin, fine), 'saved');
    assert.deepEqual(readFileSync(opened.path), latin);
  });

  it('a check that throws changes nothing', async () => {
    const opened = await open('a\n');
    const { version } = opened.document;
    await assert.rejects(
      replaceText(opened.path, Buffer.from('b\n'), () => Promise.reject(new Error('stale'))),
      /stale/u,
    );
    assert.equal(opened.document.version, version);
    assert.equal(readFileSync(opened.path, 'utf8'), 'a\n');
  });

  it('APR-02: what is typed during the check is checked, too', async () => {
    const opened = await open('a\n');
    let turn = 0;
    const check = async (): Promise<void> => {
      if (turn++ === 0) await type(opened, 'typed');
      else throw new Error('unsaved changes');
    };
    await assert.rejects(replaceText(opened.path, Buffer.from('b\n'), check), /unsaved changes/u);
    assert.equal(turn, 2);
    assert.equal(opened.document.getText(), 'a\ntyped');
    assert.equal(readFileSync(opened.path, 'utf8'), 'a\n');
  });

  it('FS-19: one that cannot be saved throws, and keeps the change as unsaved text', async () => {
    const opened = await open('a\n');
    await type(opened, 'b');
    rmSync(opened.path);
    mkdirSync(opened.path);
    await assert.rejects(replaceText(opened.path, Buffer.from('c\n'), fine), /unsaved text/u);
    assert.equal(opened.document.isDirty, true);
    assert.equal(opened.document.getText(), 'c\n');
    rmSync(opened.path, { recursive: true });
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('one opened through a link is found by the real path', async () => {
    const path = join(folder, 'target.txt');
    writeFileSync(path, 'a\n');
    const link = join(folder, 'link.txt');
    symlinkSync(path, link);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(link));
    await vscode.window.showTextDocument(document);
    assert.notEqual(await openDocument(path), null);
    assert.equal(await replaceText(path, Buffer.from('b\n'), fine), 'saved');
    assert.equal(readFileSync(path, 'utf8'), 'b\n');
    assert.equal(document.getText(), 'b\n');
  });
});
