//! What goes wrong in a run.

use jiff::SignedDuration;
use va_domain::payload::{CancelRequested, PauseRequested};
use va_runtime::{kernel::Bell, ports::World};

use super::Run;
use crate::{
    company::{Company, Mail},
    journal::AppendFault,
    world::SiteFault,
};

impl Run {
    /// Something goes wrong.
    pub(super) fn fault(&mut self) -> Result<(), String> {
        let (pauses, cancels) = (self.plan.pauses, self.plan.cancels);
        let company = &mut self.company;
        let worker = company.chance.below(company.workers());
        let fault = [AppendFault::Before, AppendFault::After][company.chance.below(2)];
        match company.chance.below(14) {
            0 | 1 if !company.mail.is_empty() => {
                let n = company.chance.below(company.mail.len());
                let lost = company.mail.swap_remove(n);
                company.log.push(format!("lost: {lost:?}"));
                Ok(())
            }
            2 | 3 if !company.mail.is_empty() => {
                let n = company.chance.below(company.mail.len());
                let twice = company.mail[n].clone();
                company.deliver(worker, vec![twice], None)
            }
            4 if !company.heard.is_empty() => {
                let n = company.chance.below(company.heard.len());
                let late: Vec<_> = company.heard.iter().nth(n).cloned().into_iter().collect();
                company.deliver(worker, late, None)
            }
            5 | 6 if !company.mail.is_empty() => {
                let batch = pick(company);
                company.deliver(worker, batch, Some(fault))?;
                if company.chance.percent(50) {
                    company.crash(worker);
                }
                Ok(())
            }
            7 => {
                company.crash(worker);
                Ok(())
            }
            8 => match company.acts.iter().position(|a| a.done.is_some()) {
                Some(n) => {
                    company.tell(n, Some(fault))?;
                    if company.chance.percent(50) {
                        company.crash(worker);
                    }
                    Ok(())
                }
                None => Ok(()),
            },
            9 => {
                // Everybody is paused for ten minutes, and the clock is the first to wake.
                company.world.pass(SignedDuration::from_mins(10));
                self.ring(30)
            }
            10 if company.chance.percent(30) => company.restart(),
            11 => {
                let fault = [SiteFault::Before, SiteFault::After][company.chance.below(2)];
                company.sites.arm(Some(fault));
                Ok(())
            }
            12 if pauses => {
                self.paused = !self.paused;
                if self.paused {
                    company.board(&PauseRequested { reason: None })
                } else {
                    self.resume()
                }
            }
            13 if cancels && company.chance.percent(20) => company.board(&CancelRequested {
                reason: "changed our mind".into(),
            }),
            _ => {
                let seconds = company.chance.between(1, 120);
                company.world.pass(SignedDuration::from_secs(seconds));
                self.ring(50)
            }
        }
    }

    /// The clock rings what is due; so many of a hundred rings are heard.
    pub(super) fn ring(&mut self, heard: usize) -> Result<(), String> {
        let company = &mut self.company;
        for stream in company.due(company.world.now())? {
            if company.chance.percent(heard) {
                let worker = company.chance.below(company.workers());
                company.handle(worker, &stream, &[Bell::Due], None)?;
            }
        }
        Ok(())
    }
}

/// Mail for one stream: one event, or all that waits for it, in any order.
pub(super) fn pick(company: &mut Company) -> Vec<Mail> {
    let n = company.chance.below(company.mail.len());
    let first = company.mail.swap_remove(n);
    let mut batch = vec![first];
    if company.chance.percent(30) {
        let to = batch[0].to.clone();
        while let Some(n) = company.mail.iter().position(|m| m.to == to) {
            let at = company.chance.below(batch.len() + 1);
            batch.insert(at, company.mail.swap_remove(n));
        }
    }
    batch
}
