// One short tone, made by Web Audio. Browsers play nothing before somebody has clicked or pressed a key on the page:
// until then it is blocked, and says so.
import { type Watchable, createStore } from '../../external-store.ts'

export interface Tone {
  /** Whether it would be heard; `idle` until somebody wants it. */
  readonly state: Watchable<'idle' | 'blocked' | 'ready'>
  /** Makes it ready if the browser allows it: to be called again with every gesture while it does not. */
  prepare(): void
  play(): void
}

const frequencyHz = 740
const lengthS = 0.45
const loudness = 0.25

export function createTone(): Tone {
  const state = createStore<'idle' | 'blocked' | 'ready'>('idle')
  let context: AudioContext | undefined

  function prepare(): void {
    // Made any earlier, it would only be refused, with a complaint in the console.
    if (!navigator.userActivation.hasBeenActive) return state.set('blocked')
    if (context === undefined) {
      context = new AudioContext()
      context.addEventListener('statechange', tell)
    }
    // Whether it works out is told by its state.
    if (context.state === 'suspended') context.resume().catch(() => {})
    tell()
  }

  function tell(): void {
    state.set(context?.state === 'running' ? 'ready' : 'blocked')
  }

  return {
    state,
    prepare,
    play() {
      prepare()
      if (context === undefined) return
      const from = context.currentTime
      const oscillator = new OscillatorNode(context, { frequency: frequencyHz })
      const gain = new GainNode(context, { gain: 0 })
      // It swells and fades: a tone that is cut off clicks.
      gain.gain.linearRampToValueAtTime(loudness, from + 0.02)
      gain.gain.exponentialRampToValueAtTime(0.001, from + lengthS)
      oscillator.connect(gain).connect(context.destination)
      oscillator.start(from)
      oscillator.stop(from + lengthS)
    },
  }
}
