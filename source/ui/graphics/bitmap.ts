/**
Pixels of a picture, four bytes each: red, green, blue and opacity.
*/
export type Bitmap = {width: number; height: number; data: Uint8Array};
