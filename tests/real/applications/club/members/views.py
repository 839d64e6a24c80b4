"""Signing up, at once or with a code that comes by mail."""

import secrets

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.mail import send_mail
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import FormView, TemplateView

from members.forms import CodeForm, SignUpForm
from members.models import Address


class SignUp(FormView):
    """Who sends the form well filled has an account, is logged in, and is sent on."""

    form_class = SignUpForm
    template_name = "members/form.html"
    success_url = reverse_lazy("welcome")

    def form_valid(self, form):
        login(self.request, form.save())
        return super().form_valid(form)


class SignUpOrBack(SignUp):
    """Who sends it badly filled is sent back to it, where the next page tells him why."""

    def form_invalid(self, form):
        for errors in form.errors.values():
            messages.error(self.request, " ".join(errors))
        return redirect(self.request.path)


class Welcome(LoginRequiredMixin, TemplateView):
    template_name = "members/welcome.html"
    login_url = reverse_lazy("signup")


class SignUpByMail(SignUp):
    """Who sends the form has an account that is good for nothing yet."""

    success_url = reverse_lazy("verify")

    def form_valid(self, form):
        answer = super().form_valid(form)
        code = f"{secrets.randbelow(10**6):06}"
        Address.objects.create(user=self.request.user, code=code)
        send_mail("Welcome to the club", f"Your code is {code}\n", None, [self.request.user.email])
        return answer


class Verify(LoginRequiredMixin, FormView):
    """Until the code from the mail comes back."""

    form_class = CodeForm
    template_name = "members/form.html"
    success_url = reverse_lazy("welcome")
    login_url = reverse_lazy("signup")

    def form_valid(self, form):
        found = Address.objects.filter(user=self.request.user, code=form.cleaned_data["code"])
        if not found.update(verified=True):
            form.add_error("code", "This is not the code that we sent you.")
            return self.form_invalid(form)
        return super().form_valid(form)
