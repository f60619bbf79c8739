import { QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter, NavLink, type RouteObject } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { createQueryClient } from './api/queries.ts';
import { forConsumers, forOperations, pageLanguage, pageReaders } from './language.ts';
import { BrokenFrame } from './layout/frame/broken-frame.tsx';
import { Layout } from './layout/frame/layout.tsx';
import { LoadErrorPage, NotFoundPage } from './pages/not-found-page.tsx';
import { StartPage } from './pages/start-page.tsx';
import { type Portal, type PortalParts, PortalProvider } from './portal-context.tsx';
import { textsOf } from './words/words.ts';

/** Routes of the portal. All but the first page are loaded on demand. */
const pages: RouteObject[] = [
  { path: '/', handle: forConsumers, Component: StartPage },
  {
    path: '/login',
    lazy: async () => ({ Component: (await import('./pages/agent/log-in-page.tsx')).LogInPage }),
  },
  {
    path: '/log-in-help',
    lazy: async () => ({ Component: (await import('./pages/agent/log-in-help-page.tsx')).LogInHelpPage }),
  },
  {
    path: '/forgot-password',
    lazy: async () => ({
      Component: (await import('./pages/account/password/forgot-password-page.tsx')).ForgotPasswordPage,
    }),
  },
  {
    path: '/reset-password',
    lazy: async () => ({
      Component: (await import('./pages/account/password/reset-password-page.tsx')).ResetPasswordPage,
    }),
  },
  {
    path: '/register',
    lazy: async () => ({
      Component: (await import('./pages/agent/register/register-page.tsx')).RegisterPage,
    }),
  },
  {
    path: '/help',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/consumer/help/help-page.tsx')).HelpPage }),
  },
  {
    path: '/how-long',
    handle: forConsumers,
    lazy: async () => ({
      Component: (await import('./pages/consumer/how-long/how-long-page.tsx')).HowLongPage,
    }),
  },
  {
    path: '/questions',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/about/about-page.tsx')).QuestionsPage }),
  },
  {
    path: '/privacy',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/about/about-page.tsx')).PrivacyPage }),
  },
  {
    path: '/accessibility',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/about/about-page.tsx')).AccessibilityPage }),
  },
  {
    // a link that was cut off before its id
    path: '/status',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/consumer/status/status-page.tsx')).StatusPage }),
  },
  {
    path: '/status/:id',
    handle: forConsumers,
    lazy: async () => ({ Component: (await import('./pages/consumer/status/status-page.tsx')).StatusPage }),
  },
  {
    path: '/offer',
    lazy: async () => ({ Component: (await import('./pages/agent/offer/offer-page.tsx')).OfferPage }),
  },
  {
    path: '/offer/:id',
    lazy: async () => ({ Component: (await import('./pages/agent/offer/offer-page.tsx')).OfferPage }),
  },
  {
    path: '/test-offer',
    lazy: async () => ({
      Component: (await import('./pages/agent/availability/test-offer-page.tsx')).TestOfferPage,
    }),
  },
  {
    path: '/test-offer/:id',
    lazy: async () => ({
      Component: (await import('./pages/agent/availability/test-offer-page.tsx')).TestOfferPage,
    }),
  },
  {
    path: '/hours',
    lazy: async () => ({ Component: (await import('./pages/agent/availability/hours-page.tsx')).HoursPage }),
  },
  {
    path: '/hours/:id',
    lazy: async () => ({ Component: (await import('./pages/agent/availability/hours-page.tsx')).HoursPage }),
  },
  {
    lazy: async () => ({ Component: (await import('./layout/access/agents-only.tsx')).AgentsOnly }),
    children: [
      {
        path: '/onboarding',
        lazy: async () => ({
          Component: (await import('./pages/agent/onboarding/onboarding-page.tsx')).OnboardingPage,
        }),
      },
      {
        path: '/profile',
        lazy: async () => ({
          Component: (await import('./pages/agent/profile/profile-page.tsx')).ProfilePage,
        }),
      },
      {
        path: '/availability',
        lazy: async () => ({
          Component: (await import('./pages/agent/availability/availability-page.tsx')).AvailabilityPage,
        }),
      },
      {
        path: '/inbox',
        lazy: async () => ({ Component: (await import('./pages/agent/inbox/inbox-page.tsx')).InboxPage }),
      },
      {
        path: '/history',
        lazy: async () => ({
          Component: (await import('./pages/agent/record/history-page.tsx')).HistoryPage,
        }),
      },
      {
        path: '/figures',
        lazy: async () => ({
          Component: (await import('./pages/agent/record/figures-page.tsx')).FiguresPage,
        }),
      },
      {
        path: '/why-not-me',
        lazy: async () => ({
          Component: (await import('./pages/agent/record/why-not-me-page.tsx')).WhyNotMePage,
        }),
      },
    ],
  },
  {
    lazy: async () => ({ Component: (await import('./layout/access/account-only.tsx')).AccountOnly }),
    children: [
      {
        path: '/account',
        lazy: async () => ({ Component: (await import('./pages/account/account-page.tsx')).AccountPage }),
      },
      {
        path: '/account/password',
        lazy: async () => ({
          Component: (await import('./pages/account/password/change-password-page.tsx')).ChangePasswordPage,
        }),
      },
      {
        path: '/account/security',
        lazy: async () => ({
          Component: (await import('./pages/account/security/security-page.tsx')).SecurityPage,
        }),
      },
    ],
  },
  {
    handle: forOperations,
    lazy: async () => ({ Component: (await import('./layout/access/ops-only.tsx')).OpsOnly }),
    children: [
      {
        path: '/ops',
        lazy: async () => ({ Component: (await import('./pages/ops/ops-page.tsx')).OpsPage }),
      },
      {
        path: '/ops/agents/:npn',
        lazy: async () => ({ Component: (await import('./pages/ops/agent-page.tsx')).AgentPage }),
      },
      {
        path: '/ops/contact',
        lazy: async () => ({ Component: (await import('./pages/ops/contact-page.tsx')).ContactPage }),
      },
      {
        path: '/administration',
        lazy: async () => ({
          Component: (await import('./pages/ops/accounts/accounts-page.tsx')).AccountsPage,
        }),
      },
    ],
  },
  { path: '*', handle: forConsumers, Component: NotFoundPage },
];

/** The whole portal as one component, and a promise of when it can show its first page; it is never rejected. */
export function createPortal(parts: PortalParts): {
  Portal: () => React.JSX.Element;
  loaded: Promise<unknown>;
} {
  const queries = createQueryClient();
  const router = createBrowserRouter([
    {
      Component: Layout,
      HydrateFallback: () => null,
      ErrorBoundary: BrokenFrame,
      children: [{ ErrorBoundary: LoadErrorPage, children: pages }],
    },
  ]);
  const portal: Portal = { ...parts, Link: NavLink, open: (path) => void router.navigate(path) };
  // beside the files of the page, which would ask for its texts only when they are there
  const readers = pageReaders(router.state.matches.map(({ route }): unknown => route.handle));
  const chosen = portal.savedLanguage.read();
  const language = pageLanguage({ readers, chosen, ofBrowser: portal.browserLanguages });
  const texts = portal.loadTexts(textsOf(readers, language));
  const files = new Promise<void>((resolve) => {
    if (router.state.initialized) resolve();
    else router.subscribe(({ initialized }) => initialized && resolve());
  });
  return {
    Portal: () => (
      <PortalProvider value={portal}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </PortalProvider>
    ),
    loaded: Promise.allSettled([texts, files]),
  };
}
