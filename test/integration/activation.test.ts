import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('activation', () => {
  const extension = vscode.extensions.getExtension('countersign.countersign');

  it('activates', async () => {
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that package.json declares', async () => {
    assert.ok(extension);
    const declared = (extension.packageJSON as Manifest).contributes.commands.map(
      (entry) => entry.command,
    );
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      declared.filter((command) => !registered.includes(command)),
      [],
    );
  });

  it('focuses the chat view', async () => {
    await vscode.commands.executeCommand('countersign.chat.focus');
  });
});
