import type { ColdMailResellerEvents } from './index.js'

const user = { userId: 'PWM7Y25RYZ450YNM8K8FX9GK5AHX', userEmail: 'johndoe@company.com' }

const order = {
  ...user,
  subscriptionId: 'YC2H6C87PPKPG5WXVNQ682GAVFTM',
  orderId: 'NQ682GAVFTMYC2H6C87PPKPG5WXV',
}

const term = { creationTime: '2024-03-08T23:59:59Z', expiryDate: '2025-03-08T23:59:59Z' }

const subscription = {
  ...user,
  subscriptionId: 'YC2H6C87PPKPG5WXVNQ682GAVFTM',
  workspaceType: 'GOOGLE',
  quantity: 3,
  domainId: 'AH2BD0WYWSMQC9NQHTMES3TFK4TX',
  domain: 'company.com',
  periodStart: '2025-03-08T23:59:59Z',
  periodEnd: '2026-03-08T23:59:59Z',
}

const warmedUp = {
  password: '$fFqf$PU7w$Lz9',
  appPassword: 'rena ppos micx xycp',
  authenticatorSecret: 'tukl dfds sloe oldf',
  expiryDate: '2025-11-27T19:59:17.294Z',
}

const PICTURE_OF_JAMES = 'https://cdn.zapmail.ai/mailboxes/James-Carter-SelectAll-1756754834597.jpg'

/**
 * The examples of the provider's documents, or samples made from its tables. Only the event ids differ, because the
 * documents use one id for six events, which would be duplicates.
 */
export const coldMailResellerSamples: ColdMailResellerEvents = {
  'domain.order.success': {
    event: 'domain.order.success',
    eventId: 'T7Z3PQX1N8V5KDM2W4RB6YHC0JGA',
    data: {
      ...user,
      orderId: 'NQ682GAVFTMYC2H6C87PPKPG5WXV',
      domainId: 'AH2BD0WYWSMQC9NQHTMES3TFK4TX',
      domainName: 'company.com',
      ...term,
      price: 15.88,
    },
  },

  'domain.order.failed': {
    event: 'domain.order.failed',
    eventId: 'B5K9XW2QJ7D4MHN1T8VC3RZP6GYE',
    data: {
      ...user,
      orderId: 'NQ682GAVFTMYC2H6C87PPKPG5WXV',
      domainName: 'company.com',
      reason: 'Insufficient wallet balance',
    },
  },

  'mailbox.order.success': {
    event: 'mailbox.order.success',
    eventId: '6SSHBXWR3N4JEKGRQSG3KW3D76N6',
    data: {
      domainId: 'AH2BD0WYWSMQC9NQHTMES3TFK4TX',
      domainName: 'company.com',
      ...order,
      workspaceType: 'GOOGLE',
      ...term,
      price: 11,
      quantity: 3,
    },
  },

  'mailbox.order.failed': {
    event: 'mailbox.order.failed',
    eventId: 'F2N8CJ6VT4Q1WXKD9M3HZ7BRP5YG',
    data: {
      ...order,
      domain: 'company.com',
      mailboxDetails: { firstName: 'John', lastName: 'Doe', email: 'john' },
      workspaceType: 'GOOGLE',
      price: 11,
      quantity: 2,
      reason: 'Domain not verified',
    },
  },

  'mailbox.created': {
    event: 'mailbox.created',
    eventId: 'M4D1RX8KZ6PTQ2W9NJ5VHC7B3YGF',
    data: {
      ...user,
      domain: 'coldmailseller.com',
      subscriptionId: 'PMHKDLSOTJSNLGOOSFD',
      orderId: 'WR3N4JEW3D76N6KGRQSG36SSHBXK',
      workspaceType: 'GOOGLE',
      mailboxDetails: {
        mailboxId: 'LY25R9GK5AHYZ450YPWMNM8K8FXX',
        firstName: 'John',
        lastName: 'Doe',
        email: 'john@coldmailseller.com',
        appPassword: 'rena ppos micx xycp',
        isAdmin: true,
        ...term,
      },
      price: 8.16,
    },
  },

  'mailbox.updated': {
    event: 'mailbox.updated',
    eventId: 'Q9F81GPR7S4QWQG17D89TV3FN4E4',
    data: {
      ...user,
      mailboxId: '3JP15CC4YWMHYFNYFCPM9A486E1R',
      domain: 'demo.biz',
      email: 'alice.y@demo.biz',
      workspaceType: 'GOOGLE',
      updatedFields: {
        firstName: 'Alice',
        lastName: 'White',
        userName: 'ali',
        profilePicture: 'https://images.unsplash.com/photo-1742147550712-9c25dc0832aa',
      },
    },
  },

  'subscription.renewal.success': {
    event: 'subscription.renewal.success',
    eventId: 'R6W3HZ9XK1C8NTV5QJ2MDP7B4YGS',
    data: { ...subscription, autoRenew: true, subscriptionStatus: 'ACTIVE' },
  },

  'subscription.renewal.failed': {
    event: 'subscription.renewal.failed',
    eventId: 'X8T5JB2NQ4VK7D1WZ6RMCH9P3YGU',
    data: { ...subscription, autoRenew: true, subscriptionStatus: 'RENEWING' },
  },

  'subscription.cancelled': {
    event: 'subscription.cancelled',
    eventId: 'C1V7MQ3ZX9KB5HJ8T2WNDR6P4YGL',
    data: { ...subscription, autoRenew: false },
  },

  'prewarmup.order.success': {
    event: 'prewarmup.order.success',
    eventId: 'P3B9KX5TN1Z7WQJ4HM8VDC2R6YGO',
    data: {
      ...user,
      orderId: 'WR3N4JEW3D76N6KGRQSG36SSHBXK',
      serviceProvider: 'GOOGLE',
      mailboxDetails: [
        {
          domain: 'example.com',
          subscriptionId: 'KX9V77PVMFMZH4PTPF2Y99PKYAT2',
          preWarmedUpMailboxes: [
            {
              mailboxId: 'LY25R9GK5AHYZ450YPWMNM8K8FXX',
              email: 'yasmeen.king@example.com',
              firstName: 'Yasmeen',
              lastName: 'King',
              profilePicture: PICTURE_OF_JAMES,
              isAdmin: true,
              warmingUpFrom: '2025-09-26T08:53:51.641Z',
              ...warmedUp,
            },
            {
              mailboxId: 'FZHCRVTWEDMP2ZMMRSVZ63F493F1',
              email: 'mike.miller@example.com',
              firstName: 'Mike',
              lastName: 'Miller',
              profilePicture: PICTURE_OF_JAMES,
              isAdmin: false,
              warmingUpFrom: '2025-09-26T09:22:10.123Z',
              ...warmedUp,
            },
          ],
        },
        {
          domain: 'example2.com',
          subscriptionId: 'EAG9Q69XN0MBS2GF13K2HEYRTQGS',
          preWarmedUpMailboxes: [
            {
              mailboxId: 'ERG9Y480R2M5H7PXCX9XS0K6VY0S',
              email: 'yvonne.lesch@example2.com',
              firstName: 'Yvonne',
              lastName: 'Lesch',
              profilePicture: 'https://cdn.zapmail.ai/mailboxes/Olivia-Williams-default-1756417024026.jpg',
              isAdmin: true,
              warmingUpFrom: '2025-09-26T15:19:40.220Z',
              ...warmedUp,
            },
          ],
        },
      ],
    },
  },

  'prewarmup.order.failed': {
    event: 'prewarmup.order.failed',
    eventId: 'KX6VYNA7W2M616JPFVT9JZX14B4N',
    data: {
      ...user,
      orderId: 'K57P9Y7T95M74ZPBRP9A415383AQ',
      serviceProvider: 'GOOGLE',
      failedOrders: [
        { domain: 'yourcompanynow.info', reason: 'Pre-warmed mailboxes not available' },
        { domain: 'example2.com', reason: 'Insufficient wallet balance' },
      ],
    },
  },
}
