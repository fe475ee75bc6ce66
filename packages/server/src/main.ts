import { Command } from 'commander'
import { registerConfig } from './cli/config.ts'
import { registerCreateAdmin } from './cli/create-admin.ts'
import { registerDemo } from './cli/demo.ts'
import { registerMigrate } from './cli/migrate.ts'
import { registerServe } from './cli/serve.ts'
import { errorCode } from './lib/start-error.ts'

// Whoever read what this process says may be gone, such as the `head` of a pipe: what it was started for goes on all the same.
// To look at standard output also makes a pipe one that does not wait for its reader.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error
  })
}

/** Each adds one command; a new command is a file in `cli/` and a line here. */
const commands = [registerServe, registerMigrate, registerCreateAdmin, registerDemo, registerConfig]

const program = new Command('confab').description('Confab, a self-hosted chat backend').showHelpAfterError()
for (const register of commands) register(program)
await program.parseAsync()
