// Logs in from Node on Windows, and prints the datasets: npm install koffi; node login.js BASE USER [FILE], with crux.dll in
// this folder and the password in CRUX_PASSWORD. With FILE they go there. The calls wait, so a server would rather make
// them on a worker thread.
'use strict'
const fs = require('fs')
const koffi = require('koffi')

const crux = koffi.load('crux.dll')
const login = crux.func('void *crux_login(const char *service, const char *base, const char *user, const char *secret)')
const request = crux.func('void *crux_request(void *client, const char *method, const char *path, const void *body, intptr_t length)')
const code = crux.func('int32_t crux_code(void *object)')
const message = crux.func('const char *crux_message(void *object)')
const body = crux.func('const char *crux_body(void *response, void *size)')
const free = crux.func('int32_t crux_free(void *object)')

const [base, user, file] = process.argv.slice(2)
const me = login('crunch', base, user, process.env.CRUX_PASSWORD)
const response = request(me, 'GET', 'datasets/all/', null, 0)
if (code(response) === 0) {
  fs.writeFileSync(file || 1, body(response, null))
} else {
  fs.writeFileSync(file || 2, message(response))
  process.exitCode = 1
}
free(response)
free(me)
