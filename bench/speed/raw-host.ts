// A host that is faster than any terminal.

import { createServer, type Server } from 'node:net'
import { createRawAnswers } from './raw-answers.js'

export function startRawHost(): Server {
  const answers = createRawAnswers()
  return createServer((socket) => {
    const reader = answers.createReader()
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      reader.push(chunk)
      const { frames, count } = answers.answer(reader)
      if (count > 0) socket.write(frames)
    })
  })
}
