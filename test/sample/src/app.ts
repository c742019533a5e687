import { greet, type Language } from './greet.ts';

const guests: readonly { name: string; language: Language }[] = [
  { name: 'Ada', language: 'en' },
  { name: 'Sophie', language: 'fr' },
  { name: 'Konrad', language: 'de' },
];

for (const guest of guests) {
  console.log(greet(guest.name, guest.language));
}
