// What may be attached as evidence; shown in the form and checked on the server.
export const ACCEPT = '.pdf,.jpg,.jpeg,.png,.xlsx,.docx';
export const ACCEPT_HINT = 'PDF, gambar, Excel, atau Word; paling besar 10 MB.';
