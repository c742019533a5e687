import type { SoundOutcome } from '../src/shared/protocol.ts';

/** Hertz, one after the other. */
const TONES = [660, 880];
/** In seconds. */
const LENGTH = 0.18;
const LOUDNESS = 0.12;
/** Milliseconds after which a page that may make no sound is taken to have been refused. */
const PATIENCE = 1000;

/** Two short tones, made here: nothing is loaded for them. */
export async function playSound(): Promise<SoundOutcome> {
  const audio = new AudioContext();
  const running = audio.resume().then(() => 'played' as const);
  // Until the user has done something in this page, it neither starts nor fails.
  const refused = new Promise<'refused'>((resolve) => {
    setTimeout(resolve, PATIENCE, 'refused');
  });
  const outcome = await Promise.race([running, refused]);
  if (outcome === 'refused') {
    await audio.close();
    return outcome;
  }
  await Promise.all(TONES.map((frequency, place) => playTone(audio, frequency, place * LENGTH)));
  await audio.close();
  return outcome;
}

function playTone(audio: AudioContext, frequency: number, after: number): Promise<void> {
  const start = audio.currentTime + after;
  const tone = new OscillatorNode(audio, { frequency });
  const volume = new GainNode(audio, { gain: LOUDNESS });
  volume.gain.setValueAtTime(LOUDNESS, start);
  // Cut off, it would crack.
  volume.gain.exponentialRampToValueAtTime(LOUDNESS / 100, start + LENGTH);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + LENGTH);
  return new Promise((resolve) => {
    tone.addEventListener('ended', () => {
      resolve();
    });
  });
}
