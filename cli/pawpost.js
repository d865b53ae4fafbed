#!/usr/bin/env node
// Starts the command line, which is TypeScript, through tsx.
import { register } from 'tsx/esm/api';

register();
await import('./pawpost.ts');
