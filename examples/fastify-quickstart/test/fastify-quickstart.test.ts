import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('fastify-quickstart')
