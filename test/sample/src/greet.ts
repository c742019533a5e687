export type Language = 'en' | 'fr' | 'de';

const words: Record<Language, string> = {
  en: 'Hello',
  fr: 'Bonjour',
  de: 'Guten Tag',
};

export function greet(name: string, language: Language): string {
  return `${words[language]}, ${name}!`;
}
