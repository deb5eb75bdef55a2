#!/usr/bin/env node
import { keepCompiledCode } from './system/compiled-code.js';

keepCompiledCode(process.env);
// After that: what is loaded now is not compiled again the next time.
void import('./cli/serve.js').then(async ({ serve }) => await serve(process.argv.slice(2)));
