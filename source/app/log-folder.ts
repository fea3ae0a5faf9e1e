import path from 'node:path';
import type {Session} from './session.js';

export const logFolder = (session: Session): string => path.join(session.folders().state, 'logs');
