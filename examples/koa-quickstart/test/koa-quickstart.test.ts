import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('koa-quickstart')
