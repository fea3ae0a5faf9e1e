import {readSecretFile, readSystemdCredential} from '../base/secret-file.js';

const words = {file: 'token file', secret: 'the Plex token'};

/**
@throws AppError `usage`
*/
export const readTokenFile = async (file: string): Promise<string> => readSecretFile(file, words);

/**
Reads the credential plex-token of a service of systemd.
*/
export const readSystemdToken = async (folder: string | undefined): Promise<string | undefined> => readSystemdCredential(folder, 'plex-token', words);
