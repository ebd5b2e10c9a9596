import { render } from 'preact'
import { App } from './app.tsx'
import { startKeyboard } from './help/keyboard.ts'
import { openSession } from './server/session.ts'
import { startClock } from './state/clock.ts'
import { startFeed } from './state/feed.ts'
import './styles/index.css'

const place = document.getElementById('app')
if (place !== null) {
  place.textContent = ''
  render(<App />, place)
  startKeyboard()
  startClock()
  startFeed()
  void openSession()
}
