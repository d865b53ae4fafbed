// Imported first of all: zod makes no code at run time here, and does not try whether it could, which the app's policy would report.
import { config } from 'zod/mini';

config({ jitless: true });
