import { Command } from 'commander'
import { registerConfig } from './cli/config.ts'
import { registerCreateAdmin } from './cli/create-admin.ts'
import { registerDemo } from './cli/demo.ts'
import { registerMigrate } from './cli/migrate.ts'
import { registerServe } from './cli/serve.ts'

/** Each adds one command; a new command is a file in `cli/` and a line here. */
const commands = [registerServe, registerMigrate, registerCreateAdmin, registerDemo, registerConfig]

const program = new Command('confab').description('Confab, a self-hosted chat backend').showHelpAfterError()
for (const register of commands) register(program)
await program.parseAsync()
