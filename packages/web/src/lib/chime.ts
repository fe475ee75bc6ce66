/** Two soft notes, a fourth apart: made here, so that nothing has to be fetched. In Hz, and seconds. */
const NOTES = [
  { frequency: 659.26, at: 0 },
  { frequency: 880, at: 0.11 },
] as const
const LENGTH = 0.45
const VOLUME = 0.12

/** From one chime to the next at least this long, so that much at once is not a clatter. In seconds. */
const REST = 1

let context: AudioContext | undefined
let nextAt = 0

/**
 * Plays the sound of something new, unless it was only just heard. Before anything was pressed on the page browsers keep
 * it silent.
 */
export async function playChime(): Promise<void> {
  context ??= new AudioContext()
  if (context.state === 'suspended') await context.resume()
  if (context.currentTime < nextAt) return
  nextAt = context.currentTime + REST
  for (const { frequency, at } of NOTES) playNote(context, frequency, context.currentTime + at)
}

function playNote(audio: AudioContext, frequency: number, at: number): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.015)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(at)
  oscillator.stop(at + LENGTH)
}
