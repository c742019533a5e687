import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

/** What a source file says to people, and what of it escapes translation. */
export interface Words {
  /** In the calls of `t` and `vscode.l10n.t`. */
  readonly translated: readonly string[];
  /** Such calls whose text cannot be known before they are made. */
  readonly computed: readonly string[];
  /** Texts outside of such calls that look like English to be read. */
  readonly others: readonly string[];
  /** Calls with more or fewer values than their text has places for. */
  readonly misfits: readonly string[];
}

export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => join(folder, path)),
  );
}

const known = new Map<string, Words>();

export function wordsOf(path: string): Words {
  const found = known.get(path) ?? readWords(path);
  known.set(path, found);
  return found;
}

function readWords(path: string): Words {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const translated: string[] = [];
  const computed: string[] = [];
  const others: string[] = [];
  const misfits: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isTranslation(node)) {
      const [first, ...rest] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        translated.push(first.text);
        const places = new Set(first.text.match(/\{\d+\}/gu)).size;
        if (places !== rest.length) misfits.push(node.getText());
      } else computed.push(node.getText());
      rest.forEach(visit);
      return;
    }
    if (isForNobody(node)) return;
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'html') {
      others.push(...visibleIn(partsOf(node.template).join('\u0000')));
    } else if (ts.isStringLiteralLike(node)) {
      if (isProse(node.text)) others.push(node.text);
    } else if (ts.isTemplateExpression(node) && !isHtml(node)) {
      const whole = partsOf(node).join('…');
      if (isProse(whole)) others.push(whole);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { translated, computed, others, misfits };
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /^(?:t|vscode\.l10n\.t)$/u.test(node.expression.getText());
}

/** Names of modules, types, errors of ours that only the log shows, and the log itself. */
function isForNobody(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) {
    return true;
  }
  if (ts.isNewExpression(node)) return /^(?:Type|Range)?Error$/u.test(node.expression.getText());
  return (
    ts.isCallExpression(node) && /(?:^|\.)log\.(?:\w+)$|^assert/u.test(node.expression.getText())
  );
}

function isHtml(node: ts.Node): boolean {
  return ts.isTaggedTemplateExpression(node.parent) && node.parent.tag.getText() === 'html';
}

function partsOf(template: ts.TemplateLiteral): string[] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [template.text];
  return [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
}

/** Two words of which at least one is in small letters, as in a sentence, or words as in a label. */
function isProse(text: string): boolean {
  return (
    /\p{L}{2,}[,:]? \p{Ll}{2,}/u.test(text) || /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*…?$/u.test(text)
  );
}

/** Text between tags, and attributes that are read. */
function visibleIn(markup: string): string[] {
  const attributes = [...markup.matchAll(/\s(?:title|aria-label|placeholder|alt)="([^"\0]*)/gu)];
  const between = markup.replaceAll(/<[^>]*>/gu, '\u0000').split('\u0000');
  return [...attributes.map(([, value = '']) => value), ...between]
    .map((one) => one.trim())
    .filter((one) => /\p{L}{2,}/u.test(one));
}
